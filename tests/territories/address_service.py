"""A real HTTP server on this machine that answers as the national address service does, or as it does on a bad day."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# Shaped as the service's own replies (its "search" operation), on places that were invented.
HOUSE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.02, 47.257]},
    "properties": {
        "label": "14 Rue des Arts 25000 Besançon",
        "score": 0.9655,
        "housenumber": "14",
        "id": "25056_0393_00014",
        "banId": "7c1d1c7e-0000-4000-8000-000000000014",
        "name": "14 Rue des Arts",
        "postcode": "25000",
        "citycode": "25056",
        "x": 929_000.1,
        "y": 6_688_000.2,
        "city": "Besançon",
        "context": "25, Doubs, Bourgogne-Franche-Comté",
        "type": "housenumber",
        "importance": 0.62,
        "street": "Rue des Arts",
        "_type": "address",
    },
}
STREET = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.021, 47.2571]},
    "properties": {
        "label": "Rue des Arts 25000 Besançon",
        "score": 0.87,
        "id": "25056_0393",
        "name": "Rue des Arts",
        "postcode": "25000",
        "citycode": "25056",
        "city": "Besançon",
        "context": "25, Doubs, Bourgogne-Franche-Comté",
        "type": "street",
        "importance": 0.62,
        "street": "Rue des Arts",
    },
}
TOWN = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.0182, 47.2602]},
    "properties": {
        "label": "Besançon",
        "score": 0.95,
        "id": "25056",
        "type": "municipality",
        "name": "Besançon",
        "postcode": "25000",
        "citycode": "25056",
        "city": "Besançon",
        "population": 120_057,
    },
}


def collection(*features) -> bytes:
    reply = {"type": "FeatureCollection", "version": "draft", "features": features, "attribution": "BAN", "limit": 5}
    return json.dumps(reply).encode()


def answers_well(asked: str) -> bytes:
    """The house when its number is asked for, the street when it is not, the town when there is no street."""
    if "rue des ar" in asked.lower():
        return collection(HOUSE, STREET) if asked.strip().startswith("14") else collection(STREET)
    return collection(TOWN) if "esan" in asked else collection()


class Service:
    """`with Service(reply) as service:` answers at `service.url`; `service.asked` are the queries it received."""

    def __init__(self, reply=answers_well, *, status=200, wait=0.0, drip=0.0):
        self.asked: list[dict] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                outer.asked.append({"path": urlsplit(self.path).path, **query})
                time.sleep(wait)
                body = reply(query.get("q", "")) if callable(reply) else reply
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    if not drip:
                        self.wfile.write(body)
                        return
                    for letter in body:
                        self.wfile.write(bytes([letter]))
                        self.wfile.flush()
                        time.sleep(drip)
                except OSError:
                    pass  # the caller has gone: that is what a slow service deserves

            def log_message(self, *said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/geocodage"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *fault):
        self.server.shutdown()
        self.server.server_close()
