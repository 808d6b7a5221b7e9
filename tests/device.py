"""A device that makes passkeys and answers challenges, as a real one does: with a key of its own."""

import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.utils import websafe_encode

ORIGIN, HOST = "http://localhost", "localhost"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """`origin`: the site that it believes to be at; `verified`: whether its owner showed her finger."""

    origin: str = ORIGIN
    verified: bool = True
    user: str = ""
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, challenge: bytes) -> str:
        """The passkey for this challenge, as the page sends it."""
        options = json.loads(challenge)["publicKey"]
        self.user = options["user"]["id"]
        told = self._told("webauthn.create", options)
        at = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.number)) + self.number + cbor.encode(public)
        about = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._about(WITH_KEY) + held})
        return self._sent({"clientDataJSON": websafe_encode(told), "attestationObject": websafe_encode(about)})

    def answer(self, challenge: bytes) -> str:
        """Its answer to the challenge of a log-in."""
        told = self._told("webauthn.get", json.loads(challenge)["publicKey"])
        about = self._about()
        signed = self.key.sign(about + sha256(told).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": about, "signature": signed}
        return self._sent({name: websafe_encode(part) for name, part in parts.items()} | {"userHandle": self.user})

    def _told(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _about(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return sha256(HOST.encode()).digest() + bytes([flags]) + bytes(4)

    def _sent(self, response: dict[str, str]) -> str:
        number = websafe_encode(self.number)
        shown = {"id": number, "rawId": number, "type": "public-key", "response": response}
        return json.dumps(shown | {"clientExtensionResults": {}})
