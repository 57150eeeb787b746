"""Never lose, never pay twice: what was asked, what came back, and the images."""
