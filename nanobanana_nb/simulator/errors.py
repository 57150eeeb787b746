"""Refusals, as the wire says them."""

from __future__ import annotations

MESSAGES: dict[int, str] = {
    200: "success",
    401: "Invalid API key",
    402: "Insufficient credits",
    403: "API key disabled",
    404: "Not found",
    405: "Method not allowed",
    413: "Request too large",
    422: "Missing Params or Type Error",
    429: "Too many requests",
    455: "Service under maintenance",
    500: "Server error",
    501: "Generation failed",
    505: "Feature disabled",
}


class Refusal(Exception):  # noqa: N818 - the wire's refusals are answers, not our errors
    """An answer other than success: code, message, the errors of a 422, the wait of a 429."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        errors: list[str] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message or MESSAGES.get(code, "Error"))
        self.code = code
        self.errors = errors
        self.retry_after_s = retry_after_s
