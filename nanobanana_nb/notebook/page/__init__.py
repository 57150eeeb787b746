"""What talks to the page: outputs, the viewer, votes, copies of originals."""
