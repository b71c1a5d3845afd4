// Sound and picture from browser to browser, by the relay alone, encrypted under keys that only the
// browsers hold. One pair is one RTCPeerConnection; of two the one with the smaller id offers.
import { codeOf, newShare, promiseOf } from "./code.js";

const WATCH_MS = 8000; // a pair that is not connected then is offered anew
const LOST_MS = 4000; // so long a line may stutter before it is mended
const PATIENT_MS = 16000;
const TRIES = 2; // before the one who accompanies the call is told
const MOST_LINES = 1000; // of one page: each is a guess at the code for whoever would stand between
export const VIDEO_BITS = 100000; // a second, to each; a mesh of three is about 250 kbit/s each way
const POOR_VIDEO_BITS = 60000;
const AUDIO_BITS = 24000;
const THIN_AUDIO_BITS = 14000; // two voices with their headers stay under 64 kbit/s
const PACKET_MS = 60; // few headers: at 20 ms they weigh more than the voice
// What fits is asked of the picture alone: reports on each packet of voice weigh a sixth of it.
const REPORTED = /^a=(?:rtcp-fb:\d+ transport-cc|extmap:\d+ \S*(?:transport-wide-cc|abs-send-time)\S*)\r\n/gm;

let lines = 0;

export class Mesh {
  // `say` sends to the bureau, `ways` gives the relay's address and a fresh credential,
  // `shows` is called with (party, stream or null), `told` with (party, state), `coded` with
  // (party, the code that both must read, or "" while there is none).
  constructor({ me, certificate, key, stream, say, ways, shows, told, coded, picture }) {
    Object.assign(this, { me, certificate, key, stream, say, ways, shows, told, coded, picture });
    this.pairs = new Map();
    this.keys = new Map();
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
    const pair = { id, attempt: 0, tries: 0, pc: null, early: [], share: "", promise: "", code: "" };
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
    lines += 1;
    const ways = lines > MOST_LINES ? null : await this.ways();
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
    this.shareAnew(pair, "");
    this.watch(pair, WATCH_MS);
    const pc = await this.connection(pair);
    if (!pc) return;
    await pc.setLocalDescription(await pc.createOffer());
    const promise = await promiseOf(pair.share);
    if (pair.pc !== pc) return; // begun anew meanwhile
    const { sdp } = pc.localDescription;
    this.say({ type: "offer", to: pair.id, attempt: pair.attempt, sdp, promise });
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
    if (message.type === "answer") return this.answered(pair, message);
    if (message.type === "share") return this.shown(pair, message.share);
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
    this.shareAnew(pair, message.promise);
    this.watch(pair, PATIENT_MS);
    const pc = await this.connection(pair);
    if (!pc) return;
    await this.remote(pair, "offer", message.sdp);
    await pc.setLocalDescription(await pc.createAnswer());
    if (pair.pc !== pc) return;
    const { sdp } = pc.localDescription;
    this.say({ type: "answer", to: pair.id, attempt: pair.attempt, sdp, share: pair.share });
  }

  // The other's key and share stand now: only then is ours shown.
  async answered(pair, message) {
    if (pair.pc.signalingState !== "have-local-offer") return;
    await this.remote(pair, "answer", message.sdp);
    this.say({ type: "share", to: pair.id, attempt: pair.attempt, share: pair.share });
    await this.agree(pair, message.share);
  }

  // Whoever offered shows the share that was promised.
  async shown(pair, share) {
    if (!pair.promise || pair.code) return;
    if ((await promiseOf(share)) !== pair.promise) throw new Error("another share than promised");
    await this.agree(pair, share);
  }

  shareAnew(pair, promise) {
    Object.assign(pair, { share: newShare(), promise, code: "" });
    this.coded(pair.id, "");
  }

  async agree(pair, share) {
    const { attempt } = pair;
    const mine = { key: this.key, share: pair.share };
    const code = await codeOf(mine, { key: this.keys.get(pair.id), share });
    if (this.pairs.get(pair.id) !== pair || pair.attempt !== attempt) return;
    pair.code = code;
    this.coded(pair.id, code);
    this.settle(pair);
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

  // A pair is whole when it is connected and has its code.
  whole(pair) {
    return pair.pc?.connectionState === "connected" && Boolean(pair.code);
  }

  settle(pair) {
    if (!this.whole(pair)) return;
    pair.tries = 0;
    clearTimeout(pair.timer);
  }

  // One that is not whole in time is offered anew: by us, or we ask the other for it.
  watch(pair, wait) {
    clearTimeout(pair.timer);
    pair.timer = setTimeout(() => {
      if (this.closed || this.pairs.get(pair.id) !== pair) return;
      if (this.whole(pair)) return;
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
      this.settle(pair);
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

  // The worst of all pairs: share of packets lost on the way to them, seconds that a word and its
  // answer wait more than they need, bits of picture that fit; and whose picture stands still.
  async measure() {
    let lost = 0;
    let waits = 0;
    let fits = Infinity;
    const still = new Map();
    for (const pair of this.pairs.values()) {
      if (pair.pc?.connectionState !== "connected") continue;
      let frames = 0;
      for (const one of (await pair.pc.getStats()).values()) {
        if (one.type === "remote-inbound-rtp") lost = Math.max(lost, one.fractionLost ?? 0);
        if (one.type === "candidate-pair" && one.nominated) {
          fits = Math.min(fits, one.availableOutgoingBitrate ?? Infinity);
          const round = one.currentRoundTripTime ?? 0;
          if (round) pair.quickest = Math.min(pair.quickest ?? Infinity, round);
          if (round) waits = Math.max(waits, round - pair.quickest);
        }
        if (one.type === "inbound-rtp" && one.kind === "video") frames = one.framesDecoded ?? 0;
      }
      still.set(pair.id, frames === (pair.frames ?? 0));
      pair.frames = frames;
    }
    return { lost, waits, fits, still };
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
    .replace(REPORTED, "")
    .replace(line, `a=fmtp:${opus} minptime=10;${wish}`);
  return `${asked}a=ptime:${PACKET_MS}\r\na=maxptime:120\r\n`;
}
