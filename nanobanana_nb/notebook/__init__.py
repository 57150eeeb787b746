"""The only folder that knows IPython and ipywidgets."""
