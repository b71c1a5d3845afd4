// Sound and picture from browser to browser, by the relay alone, encrypted under keys that only the
// browsers hold. One pair is one RTCPeerConnection; of two the one with the smaller id offers.
const WATCH_MS = 8000; // a pair that is not connected then is offered anew
const LOST_MS = 4000; // so long a line may stutter before it is mended
const PATIENT_MS = 16000;
const TRIES = 2; // before the one who accompanies the call is told
export const VIDEO_BITS = 100000; // a second, to each; a mesh of three is about 250 kbit/s each way
const POOR_VIDEO_BITS = 60000;
const AUDIO_BITS = 24000;
const THIN_AUDIO_BITS = 14000; // two voices with their headers stay under 64 kbit/s
const PACKET_MS = 60; // few headers: at 20 ms they weigh more than the voice

export class Mesh {
  // `say` sends to the bureau, `ways` gives the relay's address and a fresh credential,
  // `shows` is called with (party, stream or null), `told` with (party, state).
  constructor({ me, certificate, stream, say, ways, shows, told }) {
    Object.assign(this, { me, certificate, stream, say, ways, shows, told });
    this.pairs = new Map();
    this.keys = new Map();
    this.picture = "good";
  }

  // The others who are in now, with the fingerprints of their keys.
  keep(others) {
    const there = new Set(others.map((one) => one.id));
    for (const id of [...this.pairs.keys()]) if (!there.has(id)) this.drop(id);
    for (const one of others) {
      if (this.keys.get(one.id) !== one.key && this.pairs.has(one.id)) this.drop(one.id);
      this.keys.set(one.id, one.key);
      if (!this.pairs.has(one.id)) this.begin(one.id);
    }
  }

  begin(id) {
    const pair = { id, attempt: 0, tries: 0, pc: null, early: [] };
    this.pairs.set(id, pair);
    if (this.me < id) this.offer(pair);
    else this.watch(pair, PATIENT_MS);
  }

  drop(id) {
    const pair = this.pairs.get(id);
    if (!pair) return;
    clearTimeout(pair.timer);
    pair.pc?.close();
    this.pairs.delete(id);
    this.shows(id, null);
  }

  close() {
    for (const id of [...this.pairs.keys()]) this.drop(id);
    this.closed = true;
  }

  connected(id) {
    return this.pairs.get(id)?.pc?.connectionState === "connected";
  }

  async connection(pair) {
    const ways = await this.ways();
    if (this.closed || this.pairs.get(pair.id) !== pair || !ways) return null;
    pair.pc?.close();
    const pc = new RTCPeerConnection({
      iceServers: [ways],
      iceTransportPolicy: "relay",
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
      certificates: [this.certificate],
    });
    pair.pc = pc;
    const attempt = pair.attempt;
    const there = new MediaStream();
    pc.addEventListener("track", (event) => {
      there.addTrack(event.track);
      if (pair.pc === pc) this.shows(pair.id, there);
    });
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (!candidate?.candidate || pair.pc !== pc) return;
      this.say({
        type: "candidate",
        to: pair.id,
        attempt,
        candidate: candidate.candidate,
        mid: candidate.sdpMid,
        line: candidate.sdpMLineIndex,
      });
    });
    pc.addEventListener("connectionstatechange", () => {
      if (pair.pc === pc) this.moved(pair);
    });
    for (const track of this.stream.getTracks()) pc.addTrack(track, this.stream);
    return pc;
  }

  async offer(pair) {
    pair.attempt += 1;
    this.watch(pair, WATCH_MS);
    const pc = await this.connection(pair);
    if (!pc) return;
    await pc.setLocalDescription(await pc.createOffer());
    this.say({ type: "offer", to: pair.id, attempt: pair.attempt, sdp: pc.localDescription.sdp });
  }

  async heard(message) {
    const pair = this.pairs.get(message.from);
    if (!pair) return;
    // One after another: an answer must not overtake the offer before it.
    pair.doing = (pair.doing ?? Promise.resolve()).then(() => this.take(pair, message));
    pair.doing = pair.doing.catch(() => this.told(pair.id, "trouble"));
  }

  async take(pair, message) {
    if (message.type === "offer") return this.answer(pair, message);
    if (message.type === "again") return this.me < pair.id ? this.offer(pair) : null;
    if (message.attempt !== pair.attempt || !pair.pc) return null;
    if (message.type === "answer") {
      if (pair.pc.signalingState !== "have-local-offer") return null;
      return this.remote(pair, "answer", message.sdp);
    }
    const candidate = {
      candidate: message.candidate,
      sdpMid: message.mid,
      sdpMLineIndex: message.line,
    };
    if (!pair.pc.remoteDescription) pair.early.push(candidate);
    else await pair.pc.addIceCandidate(candidate);
    return null;
  }

  async answer(pair, message) {
    if (message.attempt <= pair.attempt) return;
    pair.attempt = message.attempt;
    pair.early = [];
    this.watch(pair, PATIENT_MS);
    const pc = await this.connection(pair);
    if (!pc) return;
    await this.remote(pair, "offer", message.sdp);
    await pc.setLocalDescription(await pc.createAnswer());
    this.say({ type: "answer", to: pair.id, attempt: pair.attempt, sdp: pc.localDescription.sdp });
  }

  async remote(pair, type, sdp) {
    const keys = [...sdp.matchAll(/^a=fingerprint:sha-256 (\S+)/gm)].map((one) => one[1]);
    const bound = this.keys.get(pair.id);
    if (!keys.length || keys.some((key) => key.toUpperCase() !== bound)) {
      throw new Error("another key");
    }
    await pair.pc.setRemoteDescription({ type, sdp: sparing(sdp) });
    for (const candidate of pair.early.splice(0)) await pair.pc.addIceCandidate(candidate);
  }

  // A pair that is not connected in time is offered anew: by us, or we ask the other for it.
  watch(pair, wait) {
    clearTimeout(pair.timer);
    pair.timer = setTimeout(() => {
      if (this.closed || this.pairs.get(pair.id) !== pair) return;
      if (pair.pc?.connectionState === "connected") return;
      pair.tries += 1;
      if (pair.tries > TRIES) this.told(pair.id, "trouble");
      this.mend(pair);
    }, wait);
  }

  mend(pair) {
    if (this.me < pair.id) {
      this.offer(pair);
      return;
    }
    this.say({ type: "again", to: pair.id, attempt: pair.attempt });
    this.watch(pair, PATIENT_MS);
  }

  moved(pair) {
    const state = pair.pc.connectionState;
    this.told(pair.id, state);
    if (state === "connected") {
      pair.tries = 0;
      clearTimeout(pair.timer);
      this.limit(pair);
    }
    if (state === "failed") this.watch(pair, 0);
    if (state === "disconnected") this.watch(pair, LOST_MS);
  }

  // How much each pair may send: "good", "poor", or "none" for the voice alone.
  show(picture) {
    if (this.picture === picture) return;
    this.picture = picture;
    for (const pair of this.pairs.values()) this.limit(pair);
  }

  async limit(pair) {
    const video = this.picture === "good" ? VIDEO_BITS : POOR_VIDEO_BITS;
    for (const sender of pair.pc?.getSenders() ?? []) {
      if (!sender.track) continue;
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings ?? []) {
        if (sender.track.kind === "video") {
          encoding.maxBitrate = video;
          encoding.active = this.picture !== "none";
        } else {
          encoding.maxBitrate = this.picture === "none" ? THIN_AUDIO_BITS : AUDIO_BITS;
        }
      }
      await sender.setParameters(parameters).catch(() => {});
    }
  }

  // The worst of all pairs: share of packets lost on the way to them, and the bits that fit.
  async measure() {
    let lost = 0;
    let fits = Infinity;
    for (const pair of this.pairs.values()) {
      if (pair.pc?.connectionState !== "connected") continue;
      for (const one of (await pair.pc.getStats()).values()) {
        if (one.type === "remote-inbound-rtp") lost = Math.max(lost, one.fractionLost ?? 0);
        if (one.type === "candidate-pair" && one.nominated && one.availableOutgoingBitrate) {
          fits = Math.min(fits, one.availableOutgoingBitrate);
        }
      }
    }
    return { lost, fits };
  }
}

// The description, asking the other side for few large packets of voice, and none of silence.
function sparing(sdp) {
  const [head, ...media] = sdp.split(/(?=^m=)/m);
  return head + media.map((part) => (part.startsWith("m=audio") ? voice(part) : part)).join("");
}

function voice(part) {
  const opus = part.match(/^a=rtpmap:(\d+) opus\/48000/m)?.[1];
  if (!opus) return part;
  const wish = `usedtx=1;useinbandfec=1;maxaveragebitrate=${AUDIO_BITS}`;
  const line = new RegExp(`^a=fmtp:${opus} .*$`, "m");
  const asked = part
    .replace(/^a=(?:max)?ptime:.*\r\n/gm, "")
    .replace(line, `a=fmtp:${opus} minptime=10;${wish}`);
  return `${asked}a=ptime:${PACKET_MS}\r\na=maxptime:120\r\n`;
}
