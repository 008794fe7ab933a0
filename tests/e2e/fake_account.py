"""The fake service's accounts and people's own data, with the API's shapes, for tests of the account page alone.

One customer, Anna, whose password is PASSWORD and whose codes are all CODE. What was asked is in `calls`.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from service.protection import ACCOUNT_POLICY
from service.routes.pages import STATIC
from tests.e2e import account_data as data
from tests.e2e.account_data import SIGNALS, USES

PASSWORD: Final = "four quiet green kettles"
CODE: Final = "135790"
COOKIE: Final = "attune_session"


class RefusedError(Exception):
    """An error in the API's one shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.answer = JSONResponse({"error": {"code": code, "message": message, "retryable": False}}, status)


@dataclass
class FakeAccount:
    """signed_in: whether the cookie opens the account. guest_tokens: of conversations, each opens a guest's own data.

    fails: paths that answer 503. calls: (method, path, body), oldest first.
    """

    account: dict[str, Any] = field(default_factory=data.account)
    password: str = PASSWORD
    signed_in: bool = False
    verify_needs_sign_in: bool = False
    verify_needs_password: bool = False
    minor: bool = False
    granted: dict[str, dict[str, bool]] = field(
        default_factory=lambda: {signal: dict.fromkeys(USES, False) for signal in SIGNALS}
    )
    receipts: list[dict[str, Any]] = field(default_factory=list)
    profile: dict[str, Any] = field(
        default_factory=lambda: {"interests": ["baking"], "liked": ["Kettles"], "disliked": [], "recommendations": True}
    )
    points: list[dict[str, Any]] = field(default_factory=data.trend)
    suggestions: list[dict[str, Any]] = field(default_factory=lambda: [data.suggestion()])
    sessions: list[dict[str, Any]] = field(default_factory=data.sessions)
    notifications: dict[str, Any] = field(default_factory=data.notifications)
    guest_tokens: dict[str, str] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    erased: bool = False
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    fails: set[str] = field(default_factory=set)

    def asked(self, path: str) -> list[Any]:
        """The bodies that came for a path, oldest first."""
        return [body for _, called, body in self.calls if called == path]

    def attach(self, app: FastAPI) -> None:
        """Add the page and its API."""

        @app.get("/account")
        async def page() -> Response:
            return FileResponse(STATIC / "account" / "index.html", headers={"Content-Security-Policy": ACCOUNT_POLICY})

        @app.get("/account/worker.js")
        async def worker() -> Response:
            headers = {"Service-Worker-Allowed": "/account"}
            return FileResponse(STATIC / "account" / "worker.js", media_type="text/javascript", headers=headers)

        @app.api_route("/api/account{rest:path}", methods=["GET", "POST", "PATCH", "DELETE"], response_model=None)
        async def account(rest: str, request: Request) -> Any:
            return await self._answer(f"account{rest}", request)

        @app.api_route("/api/me/{rest:path}", methods=["GET", "POST", "PUT", "DELETE"], response_model=None)
        async def me(rest: str, request: Request) -> Any:
            return await self._answer(f"me/{rest}", request)

    async def _answer(self, path: str, request: Request) -> Any:
        raw = await request.body()
        body = json.loads(raw) if raw else None
        self.calls.append((request.method, path, body))
        try:
            if path in self.fails:
                raise RefusedError(503, "busy", "This is not possible just now. Please try again.")
            if path.startswith("me/"):
                self._check_person(request)
                return self._me(request.method, path.removeprefix("me/"), body)
            return self._account(request, path.removeprefix("account").strip("/"), body)
        except RefusedError as refusal:
            return refusal.answer

    def _is_here(self, request: Request) -> bool:
        return self.signed_in and request.cookies.get(COOKIE) == "yes"

    def _check_person(self, request: Request) -> None:
        conversation, token = request.query_params.get("conversation"), request.headers.get("authorization")
        if conversation is not None:
            if self.guest_tokens.get(conversation) is None or token != f"Bearer {self.guest_tokens[conversation]}":
                raise RefusedError(404, "unknown_conversation", "This conversation does not exist.")
        elif not self._is_here(request):
            raise RefusedError(401, "not_signed_in", "Please sign in.")

    def _open(self) -> Response:
        self.signed_in = True
        answer = JSONResponse(self.account)
        answer.set_cookie(COOKIE, "yes", httponly=True, samesite="lax")
        return answer

    def _account(self, request: Request, path: str, body: Any) -> Any:
        method = request.method
        open_ways: dict[str, Callable[[], Any]] = {
            "login": lambda: self._login(body),
            "register": lambda: JSONResponse({"state": "check_mail"}, 202),
            "reset": lambda: JSONResponse({"state": "check_mail"}, 202),
            "reset/confirm": lambda: self._reset(body),
            "verify": lambda: self._verify(body),
            "phone/start": lambda: JSONResponse({"state": "check_phone"}, 202),
            "phone/confirm": lambda: self._confirm_phone(body),
            "providers": lambda: [{"id": "local", "name": "Example ID"}],
        }
        if path in open_ways:
            return open_ways[path]()
        if not self._is_here(request):
            raise RefusedError(401, "not_signed_in", "Please sign in.")
        if path == "" and method == "PATCH":
            self.account |= body
        elif path in ("logout", "logout-everywhere"):
            self.signed_in = False
        elif path == "sessions":
            return {"sessions": self.sessions}
        elif path.startswith("sessions/"):
            self.sessions = [one for one in self.sessions if one["id"] != path.removeprefix("sessions/")]
        elif path in ("password", "email"):
            if self.account["has_password"]:
                self._check_password(body.get("current", body.get("password")))
        elif path.startswith("second-factor"):
            return self._second_factor(method, path, body)
        return self.account

    def _check_password(self, said: str | None) -> None:
        if said != self.password:
            raise RefusedError(401, "wrong_credentials", "The password is not right. Try again, or set a new one.")

    def _login(self, body: Any) -> Response:
        if body["email"] != self.account["email"] or body["password"] != self.password:
            raise RefusedError(401, "wrong_credentials", "E-mail address and password do not match. Try again.")
        if self.account["has_second_factor"] and body.get("code") != CODE:
            told = "This code is not right. Wait for the next one." if "code" in body else "A code is needed."
            raise RefusedError(401, "wrong_code" if "code" in body else "second_factor", told)
        return self._open()

    def _verify(self, body: Any) -> Response:
        if self.verify_needs_sign_in and not self.signed_in:
            raise RefusedError(401, "not_signed_in", "Please sign in first.")
        if body["token"] != "good":
            raise RefusedError(400, "expired", "This link has been used or is too old. Sign in, or ask for a new one.")
        if self.verify_needs_password and body.get("password") != self.password:
            if "password" in body:
                raise RefusedError(401, "wrong_credentials", "E-mail address and password do not match. Try again.")
            raise RefusedError(401, "password_needed", "Please enter the password that you chose when you registered.")
        return self._open()

    def _reset(self, body: Any) -> Any:
        if "password" in body["password"]:
            raise RefusedError(422, "weak_password", "This password is easy to guess: it holds a very common word.")
        self.password = body["password"]
        return {}

    def _confirm_phone(self, body: Any) -> Response:
        if body["code"] != CODE:
            raise RefusedError(401, "wrong_code", "This code is not right. Check it, or ask for a new one.")
        return self._open()

    def _second_factor(self, method: str, path: str, body: Any) -> Any:
        if method == "DELETE":
            self._check_password(body["password"])
            self.account["has_second_factor"] = False
        elif path.endswith("start"):
            return {"secret": "JBSWY3DPEHPK3PXP", "uri": "otpauth://totp/x", "qr_svg": data.QR}
        elif body["code"] != CODE:
            raise RefusedError(401, "wrong_code", "This code is not right. Wait for the next one.")
        else:
            self.account["has_second_factor"] = True
            return {"recovery_codes": [f"abcd-{n:04d}" for n in range(10)]}
        return {}

    def _me(self, method: str, path: str, body: Any) -> Any:
        if path.startswith("consents"):
            return self._consents(method, path, body)
        if path == "profile":
            if method == "PUT":
                self.profile = body
            return self.profile | {"categories": data.CATEGORIES}
        if path == "emotion":
            return {"points": self.points}
        if path.startswith("emotion/"):
            point = next(one for one in self.points if path.endswith(one["message"]))
            point["verdict"] = body["perceived"]
            return point
        if path == "suggestions":
            return {"suggestions": self.suggestions}
        if path.startswith("suggestions/"):
            for one in self.suggestions:
                one["verdict"] = None if body["verdict"] == "none" else body["verdict"]
            return {"item_id": path.removeprefix("suggestions/"), **body}
        if path.startswith("conversations"):
            return self._conversations(path, body)
        if path == "notifications":
            self.notifications |= body or {}
            return self.notifications
        return self._rights(method, path, body)

    def _consents(self, method: str, path: str, body: Any) -> Any:
        if path.endswith("receipts"):
            return {"receipts": self.receipts[::-1]}
        if path.endswith("off"):
            for signal in SIGNALS:
                for use in USES:
                    if self.granted[signal][use]:
                        self._record(signal, use, False)
        elif method == "PUT":
            self._record(body["signal"], body["purpose"], body["granted"])
        told = {signal: f"What {signal} means, in plain words." for signal in SIGNALS}
        signals = [{"signal": one, "title": "", "text": told[one], "granted": self.granted[one]} for one in SIGNALS]
        return {"notice": data.NOTICE, "uses": [], "signals": signals, "minor": self.minor, "may_ask": True}

    def _record(self, signal: str, use: str, granted: bool) -> None:
        uses = (use,) if granted or use != "assist" else tuple(u for u in USES if self.granted[signal][u])
        for one in uses:
            self.granted[signal][one] = granted
            receipt = {"id": str(len(self.receipts)), "signal": signal, "purpose": one, "granted": granted}
            now = datetime.now(UTC).isoformat()
            self.receipts.append(receipt | {"text_version": data.NOTICE["version"], "at": now})

    def _conversations(self, path: str, body: Any) -> Any:
        if path.endswith("join"):
            if self.guest_tokens.get(body["conversation"]) != body["token"]:
                raise RefusedError(404, "unknown_conversation", "This conversation does not exist.")
            self.joined.append(body["conversation"])
            return {"conversation": body["conversation"]}
        if path == "conversations":
            return {"conversations": data.conversations()}
        return {"id": path.removeprefix("conversations/"), "messages": data.messages()}

    def _rights(self, method: str, path: str, body: Any) -> Any:
        if path == "export":
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as made:
                made.writestr("data.json", json.dumps(self.profile))
            named = {"Content-Disposition": 'attachment; filename="attune-export.zip"'}
            return Response(archive.getvalue(), media_type="application/zip", headers=named)
        if path == "requests":
            return data.requests()
        if path == "erasure" and method == "GET":
            return data.erasure()
        if path == "erasure":
            if self.account["has_password"] and "password" in body:
                self._check_password(body["password"])
            self.erased, self.signed_in = True, False
            return {"certificate": data.certificate()}
        return {}
