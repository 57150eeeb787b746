"""The panel: everything that a `%%nanobanana` cell does, with the mouse."""

from nanobanana_nb.notebook.panel.panel import Panel

__all__ = ["Panel"]
