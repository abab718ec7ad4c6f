#!/usr/bin/env python3
"""Checks a custody export: run it in the folder that was unpacked.

    python3 verify.py

It needs Python 3.8 or newer and, for timestamps, openssl. It says what it checked, and ends with
1 when anything is not as it was exported.
"""

import base64
import gzip
import hashlib
import json
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"


class Wrong(Exception):
    """Something is not as it was exported."""


def main():
    """Run every check, and say what came of it."""
    faults = 0
    for check in (check_sums, check_copies, check_ledger, check_timestamps):
        try:
            print(f"ok    {check()}")
        except (Wrong, OSError, ValueError, KeyError, EOFError, zlib.error) as fault:
            print(f"WRONG {check.__doc__.splitlines()[0]} {fault or type(fault).__name__}")
            faults += 1
    print("Everything is as it was exported." if not faults else "This is not as it was exported.")
    return 1 if faults else 0


def check_sums():
    """Every file has the hash that SHA256SUMS says, and there is no other."""
    listed = {}
    # Byte by byte: what else ends a line elsewhere would be a changed byte that nobody sees.
    *lines, rest = (HERE / SUMS).read_bytes().decode("utf-8").split("\n")
    if rest:
        raise Wrong(f"{SUMS} does not end as it did")
    for line in lines:
        digest, gap, name = line[:64], line[64:66], line[66:]
        if len(digest) != 64 or gap != "  " or not name:
            raise Wrong(f"{SUMS} holds a line that is none: {line!r}")
        listed[name] = digest
    found = {
        path.relative_to(HERE).as_posix()
        for path in HERE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } - {SUMS}
    if found != set(listed):
        raise Wrong(f"missing or too many: {sorted(found ^ set(listed))}")
    for name, digest in listed.items():
        if sha256_of(HERE / name) != digest:
            raise Wrong(f"{name} was changed")
    return f"{len(listed)} files have the hashes of {SUMS}"


def check_copies():
    """Every copy is named by its hash, and holds what its WARC holds."""
    count = 0
    for _evidence, copy in copies():
        for kind in ("body", "warc", "rendering"):
            if copy[kind] and sha256_of(file_of(copy[kind])) != copy[kind]:
                raise Wrong(f"{copy[kind]} has other bytes")
        if copy["warc"]:
            body = last_answer(file_of(copy["warc"]))
            if hashlib.sha256(body).hexdigest() != copy["body"]:
                raise Wrong(f"the WARC {copy['warc']} holds another page")
        count += 1
    return f"{count} copies are whole"


def check_ledger():
    """Every entry of the ledger has its hash, and every copy stands in it."""
    entries, told, before = 0, set(), None
    # Other signs that end a line may stand in a text, as they are.
    for line in filter(None, (HERE / "ledger.jsonl").read_text(encoding="utf-8").split("\n")):
        entry = json.loads(line)
        digest = entry.pop("hash")
        if hashlib.sha256(canonical(entry).encode()).hexdigest() != digest:
            raise Wrong(f"edition {entry['edition']} was changed")
        follows = before and before[0] + 1 == entry["edition"]
        if follows and before[1] != entry["previous_hash"]:
            raise Wrong(f"edition {entry['edition']} does not follow the one before")
        before = (entry["edition"], digest)
        key = (entry["data"].get("evidence"), entry["data"].get("captured_at"))
        if entry["event"] == "capture:saved":
            told.add((*key, entry["data"]["sha256"], entry["data"]["warc_sha256"]))
        entries += 1
    for evidence, copy in copies():
        if (evidence, copy["captured_at"], copy["body"], copy["warc"]) not in told:
            raise Wrong(f"the ledger knows nothing of the copy {copy['body']}")
    return f"{entries} entries of the ledger have their hashes"


def check_timestamps():
    """Every timestamp is of the file it names."""
    roots, count, signed = HERE / "authority.pem", 0, 0
    for token in sorted((HERE / "timestamps").glob("*.tsr")):
        data = file_of(token.name[:64])
        if roots.exists():
            run("ts", "-verify", "-data", data, "-in", token, "-CAfile", roots)
            signed += 1
        else:
            shown = run("ts", "-reply", "-in", token, "-text")
            if imprint_of(shown) != sha256_of(data):
                raise Wrong(f"{token.name} is of other bytes")
        count += 1
    if count > signed:
        return f"{count} timestamps are of these files; who signed them was not checked"
    return f"{count} timestamps hold"


def copies():
    """Yield (slug of the evidence, copy) from the manifest."""
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    for piece in manifest["evidence"]:
        for copy in piece["copies"]:
            yield piece["slug"], copy


def file_of(digest):
    """Return the file of a hash."""
    found = list((HERE / "files").glob(f"{digest}.*"))
    if len(found) != 1:
        raise Wrong(f"there is no file {digest}")
    return found[0]


def sha256_of(path):
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def canonical(value):
    """Return JSON as the ledger hashes it (RFC 8785, for values without fractions)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def last_answer(path):
    """Return the page in a WARC: the unpacked body of its last answer. Checks every digest."""
    found = None
    with gzip.open(path) as file:
        while True:
            line = file.readline()
            if not line:
                break
            if line.strip() != b"WARC/1.1":
                raise Wrong(f"{path.name} is no WARC")
            headers = headers_of(file)
            block = file.read(int(headers["content-length"]))
            if file.read(4) != b"\r\n\r\n":
                raise Wrong(f"{path.name} ends too early")
            head, _, body = block.partition(b"\r\n\r\n")
            compare(headers.get("warc-block-digest"), block, path)
            if headers["warc-type"] in ("request", "response"):
                compare(headers.get("warc-payload-digest"), body, path)
            if headers["warc-type"] == "response":
                found = (head, body)
    if found is None:
        raise Wrong(f"{path.name} holds no answer")
    return unpacked(*found)


def headers_of(file):
    """Read the headers of a record."""
    headers = {}
    for line in iter(file.readline, b"\r\n"):
        if not line:
            raise Wrong("a record ends in its head")
        name, _, value = line.decode("utf-8").partition(":")
        headers[name.lower()] = value.strip()
    return headers


def compare(labelled, content, path):
    """Hold bytes against a digest like sha1:BASE32."""
    algorithm, _, digest = (labelled or "").partition(":")
    if algorithm not in ("sha1", "sha256"):
        raise Wrong(f"{path.name} holds a record without a digest")
    if base64.b32encode(hashlib.new(algorithm, content).digest()).decode() != digest:
        raise Wrong(f"{path.name} holds a record that was changed")


def unpacked(head, body):
    """Undo the compression that the answer names."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-encoding:"):
            if b"gzip" in line:
                return gzip.decompress(body)
            if b"deflate" in line:
                try:
                    return zlib.decompress(body)
                except zlib.error:
                    return zlib.decompress(body, -zlib.MAX_WBITS)
    return body


def run(*arguments):
    """Run openssl and return what it says."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Wrong((done.stderr or done.stdout).strip().splitlines()[-1])
    return done.stdout


def imprint_of(shown):
    """Return the hash in what openssl prints of a timestamp."""
    digits = ""
    for line in shown.partition("Message data:")[2].splitlines()[1:]:
        if " - " not in line:
            break
        digits += line.split(" - ")[1][:49].replace("-", "").replace(" ", "")
    return digits


if __name__ == "__main__":
    sys.exit(main())
