"""The CRUN service offline: a Starlette application that speaks the same wire contract.

It bills play money, draws its own pictures, writes SIMULATED on each, and never opens a connection
to another machine. Any key that begins with ``ak_`` is an account of its own; keys that begin with
``ak_disabled`` are refused with 403.

Marks in a prompt, handy for learning:

- ``[fail]`` fails with code 501 and a reason, ``[fail-silent]`` without one; neither is charged;
- ``[slow]`` takes five times as long;
- ``[square]`` delivers 1:1 whatever was asked.

Reference images: links to its own uploads and pictures are worked into the picture. Links to other
hosts are never fetched; each becomes a pattern drawn from the link's hash, labelled ``ref``.
A ``callback_url`` is called once when the task finishes, and only on this machine (``localhost``
or a loopback address); to any other host nothing is sent. A callback is lost when the process or
its event loop ends first.

With ``Options(faults=True)`` there are control endpoints for tests of clients:

- ``POST /simulator/faults`` appends a JSON list of faults, ``DELETE`` forgets all. A fault is
  ``{"on": PLACE, "times": 1, "skip": 0, ...}``. PLACE is create, info, estimate, balance, models,
  upload, put or media; ``skip`` calls go through first, then ``times`` calls (null: all) meet it:

  - ``"status": 503`` answers with that HTTP status; ``"body_code": 500`` with HTTP 200 and that
    code; ``"html": true`` with a gateway's page; ``"empty": true`` with no body at all;
  - ``"code_as_string": true`` writes the code as a string, also of a good answer;
  - ``"delay_s": 2`` waits first; ``"retry_after": "3"`` adds that header; ``"message"`` replaces
    the message;
  - ``"accepted": true`` does the work (the task exists) though the answer is the fault;
  - on create, ``"task"`` is the fate of the new task: fail, fail-silent, no-url, unknown-state,
    upper-case or 404-first. ``"looks": n`` ends the last three after n looks (404-first: 1);
    ``"charged": true`` charges a failed task.

- ``GET /simulator/log`` lists the calls: method, path, query, status, body of JSON posts, header
  names, whether a key was sent, time. ``DELETE`` clears it.
- ``GET /simulator/tasks`` lists all tasks of all accounts.
"""

from nanobanana_nb.simulator.app import create_app
from nanobanana_nb.simulator.options import Options

__all__ = ["Options", "create_app"]
