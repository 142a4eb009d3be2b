"""Counts in the browser what a page sends to the server."""

COUNT_SENT = """() => {
    window.sent = 0;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...message) {
        window.sent += 1;
        return send.apply(this, message);
    };
}"""
