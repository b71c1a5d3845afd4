"""A thin line between one browser and the relay: so many bits a second each way, and each counted.

A packet waits its turn as before a slow modem; one that would wait too long is lost. What a packet
weighs is what the network carries of it: its IP and UDP headers too.
"""

import asyncio
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

HOST = "127.0.0.1"
HEADER_BYTES = 20 + 8  # IPv4 and UDP
LONGEST_WAIT = 1.0  # seconds: what an old telephone's network keeps
LARGEST_PACKET = 65_536
READY_SECONDS = 10

# The browser asks the relay by this line alone, whatever address it is told.
BY_THIS_LINE = """(() => {
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(how) {
      const iceServers = how?.iceServers?.map((one) => ({ ...one, urls: ["%s"] }));
      super(iceServers ? { ...how, iceServers } : how);
    }
  };
})()"""
# A voice that never pauses, so that no silence makes a call look lighter than it may become.
STEADY_VOICE = """(() => {
  const devices = navigator.mediaDevices;
  const real = devices?.getUserMedia.bind(devices);
  if (!real) return;
  devices.getUserMedia = async (asked) => {
    const stream = await real(asked);
    const context = new AudioContext();
    const noise = context.createBuffer(1, context.sampleRate * 2, context.sampleRate);
    noise.getChannelData(0).forEach((_, at, all) => { all[at] = Math.random() * 2 - 1; });
    const source = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
    const mouth = new BiquadFilterNode(context, { type: "bandpass", frequency: 700, Q: 0.7 });
    const syllables = new OscillatorNode(context, { frequency: 4 });
    const depth = new GainNode(context, { gain: 0.3 });
    const loud = new GainNode(context, { gain: 0.6 });
    const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    syllables.connect(depth).connect(loud.gain);
    source.connect(mouth).connect(loud).connect(out);
    source.start();
    syllables.start();
    return new MediaStream([...stream.getVideoTracks(), ...out.stream.getAudioTracks()]);
  };
})()"""

# What is heard of each other: energy, and samples that came or were made up.
VOICES = """async () => {
  const heard = [];
  for (const pair of window.wayhomeCall.mesh.pairs.values()) {
    for (const one of (await pair.pc.getStats()).values()) {
      if (one.type !== 'inbound-rtp' || one.kind !== 'audio') continue;
      heard.push({ energy: one.totalAudioEnergy, all: one.totalSamplesReceived,
                   invented: one.concealedSamples, late: one.jitterBufferDelay,
                   out: one.jitterBufferEmittedCount });
    }
  }
  return heard;
}"""


@dataclass
class Way:
    """One direction of the line. `free_at` is when the packet before is through."""

    bits_a_second: float
    free_at: float = 0.0
    packets: int = 0
    octets: int = 0
    lost: int = 0

    def wait(self, octets: int, now: float) -> float | None:
        """Seconds until a packet of so many bytes is through; None if it is lost."""
        begins = max(self.free_at, now)
        if begins - now > LONGEST_WAIT:
            self.lost += 1
            return None
        self.free_at = begins + octets * 8 / self.bits_a_second
        self.packets += 1
        self.octets += octets
        return self.free_at - now


@dataclass
class ThinLine:
    """The line of one browser: it reaches the relay's port through `port`."""

    up: Way
    down: Way
    relay_port: int
    near: socket.socket = field(default_factory=lambda: bound())
    fars: dict[Any, socket.socket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"turn:{HOST}:{self.near.getsockname()[1]}?transport=udp"

    def carries(self, context: Any) -> None:
        """From its next page on this browser has no other way to the relay."""
        context.add_init_script(BY_THIS_LINE % self.url)
        context.add_init_script(STEADY_VOICE)

    def counted(self) -> tuple[Way, Way]:
        """Both ways as they stand now."""
        return replace(self.up), replace(self.down)

    def widens(self, bits_a_second: float) -> None:
        """From now on so much fits, each way."""
        self.up.bits_a_second = self.down.bits_a_second = bits_a_second

    def begin(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.add_reader, self.near, self._from_browser)
        self.thread.start()

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(READY_SECONDS)
        for each in (self.near, *self.fars.values()):
            each.close()
        self.loop.close()

    def _from_browser(self) -> None:
        with suppress(BlockingIOError):
            while True:
                packet, browser = self.near.recvfrom(LARGEST_PACKET)
                far = self.fars.get(browser) or self._opened(browser)
                self._later(self.up, packet, far.send, packet)

    def _opened(self, browser: Any) -> socket.socket:
        """A browser has a port for each of its lines, and so have we towards the relay."""
        far = self.fars[browser] = bound()
        far.connect((HOST, self.relay_port))
        self.loop.add_reader(far, self._from_relay, far, browser)
        return far

    def _from_relay(self, far: socket.socket, browser: Any) -> None:
        with suppress(BlockingIOError, ConnectionRefusedError):
            while True:
                packet = far.recv(LARGEST_PACKET)
                self._later(self.down, packet, self.near.sendto, packet, browser)

    def _later(self, way: Way, packet: bytes, send: Any, *what: Any) -> None:
        wait = way.wait(len(packet) + HEADER_BYTES, self.loop.time())
        if wait is not None:
            self.loop.call_later(wait, _sent, send, what)


def _sent(send: Any, what: tuple[Any, ...]) -> None:
    with suppress(OSError):  # the other end has gone
        send(*what)


def bound() -> socket.socket:
    """A port of this computer alone."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind((HOST, 0))
    return made


@contextmanager
def thin_line(relay_url: str, bits_a_second: float = math.inf) -> Iterator[ThinLine]:
    """A line to the relay that is reached at this address; without a number it only counts."""
    port = int(relay_url.rpartition(":")[2].partition("?")[0])
    line = ThinLine(Way(bits_a_second), Way(bits_a_second), port)
    line.begin()
    try:
        yield line
    finally:
        line.end()
