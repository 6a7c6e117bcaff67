import BrokerTesting
import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

/// Hidden records, receipts and consistency, as their users meet them.
@Suite(.serialized) struct DisclosureTests {
  private static let record = "hide: [meter.*, air.humidity, air-1s.air.pressure.max]"
  // Over hidden channels; the meter's power swings between 36 and 108 kW.
  private static let kernels = [
    "load: { kind: statistics, of: meter.power, window: 1 s, compute: [count, mean, max] }",
    "peak: { kind: threshold, of: meter.power, above: 90000, release: 80000 }",
  ]

  @Test func `what is hidden is nowhere but on its topic, and can be disclosed`() async throws {
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(
      FastBoard(port: broker.port, record: Self.record, kernels: Self.kernels))
    #expect(
      await eventually { subscriber.messages("disclosure").count > 10 },
      "\(board.errors)")
    try await board.stop()
    try await board.verified()

    let urn = "urn:dev:cairn:fast:simulated"
    func isHidden(_ name: String) -> Bool {
      name.hasPrefix("\(urn):meter/") || name == "\(urn):air/humidity"
        || name == "\(urn):air-1s/air.pressure.max"
    }
    // Neither the live topics nor the entries show them.
    for message in subscriber.messages
    where message.topic.hasPrefix("cairn/1/fast/sensor/")
      || message.topic.hasPrefix("cairn/1/fast/kernel/")
    {
      for record in try SenMLText.records(message.payload) { #expect(!isHidden(record.n)) }
    }
    var digests: [UInt64: [Hash]] = [:]
    for message in subscriber.messages("entry") {
      let entry = try SignedEntry(parsing: message.payload).entry
      guard entry.type == .data else { continue }
      let body = try entry.dataBody()
      #expect(body.records.allSatisfy { !isHidden($0.name) })
      digests[entry.sequence] = body.digests
      #expect(entry.evidence?.contains { ["meter", "air"].contains($0.sensor) } != true)
    }
    var opened: [UInt64: [Disclosure]] = [:]
    for message in subscriber.messages("disclosure") {
      let value = try CBOR.decode(message.payload)
      let parts = try #require(value.arrayValue)
      let seq = try #require(parts[0].unsignedValue)
      opened[seq] = try (parts[1].arrayValue ?? []).map {
        try Disclosure(parsing: try #require($0.bytesValue))
      }
      #expect(message.quality == 1 && !message.isRetained)
    }
    for (seq, hashes) in digests where !hashes.isEmpty {
      #expect(opened[seq]?.map(\.digest) == hashes, "entry \(seq)")
      #expect(opened[seq]?.allSatisfy { isHidden($0.record.name) } == true)
    }
    let names = Set(opened.values.flatMap { $0.map(\.record.name) })
    #expect(names.contains("\(urn):meter/power") && names.contains("\(urn):air/humidity"))
    #expect(names.contains("\(urn):air-1s/air.pressure.max"))

    try await disclose(board, try #require(digests.first { $0.value.count > 2 }).key)
  }

  /// How many values a replay computed again.
  private static func recomputed(_ replay: Cairn.Outcome) -> Int {
    let last = replay.output.split(separator: "\n").last ?? ""
    return last.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// Proves an entry with one record disclosed, then redacts it.
  private func disclose(_ board: RunningBoard, _ seq: UInt64) async throws {
    let directory = board.directory
    let file = directory.path("reading.proof")
    func prove(_ more: String...) async throws -> Cairn.Outcome {
      try await Cairn.run(
        Cairn.path, ["log", "prove", board.state, "\(seq)", "-o", file] + more, in: directory)
    }
    #expect(try await prove("--disclose", "meter/power").code == 0)
    let shown = try await Cairn.run("verify", file, in: directory)
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(shown.output.contains(":meter/power = "), "\(shown.output)")
    #expect(shown.output.contains("records that this proof does not open"))
    let typo = try await prove("--disclose", "meter/powr")
    #expect(typo.code == 1 && typo.errors.contains("nothing in \(board.state) opens 'meter/powr'"))

    // Who has the disclosures computes kernels over hidden channels too, others say how many they lack.
    let replay = try await Cairn.run("log", "replay", board.state, in: directory)
    #expect(replay.code == 0, "\(replay.output)")
    #expect(!replay.output.contains("hidden"), "\(replay.output)")
    let foreign = try await Cairn.run("log", "replay", "\(board.state)/log", in: directory)
    #expect(foreign.code == 0, "\(foreign.output)")
    let lines = foreign.output.split(separator: "\n")
    for reason in ["the record is hidden", "the kernel or an input of it is hidden"] {
      #expect(lines.count { $0.hasSuffix(": \(reason)") } == 1, "\(foreign.output)")
    }
    #expect(Self.recomputed(replay) >= Self.recomputed(foreign) + 3)
    let all = try await Cairn.run("log", "replay", "\(board.state)/log", "--all", in: directory)
    #expect(all.output.split(separator: "\n").count > lines.count + 5)
    #expect(all.output.contains("not recomputable: the record is hidden"))
    let owner = try await Cairn.run(
      "log", "export", board.state, "--name", "meter/power", in: directory)
    #expect(owner.output.split(separator: "\n").count > 5)
    let public_ = try await Cairn.run(
      "log", "export", "\(board.state)/log", "--name", "meter/power", in: directory)
    #expect(public_.output == "time,name,value,unit,seq,clock\n")
    #expect(public_.errors.contains("records are hidden"))

    let nothing = try await Cairn.run("log", "redact", board.state, in: directory)
    #expect(nothing.code == 2)
    let redacted = try await Cairn.run(
      "log", "redact", board.state, "--name", "meter.power", in: directory)
    #expect(redacted.code == 0 && redacted.output.hasPrefix("redacted  "), "\(redacted.errors)")
    #expect(try await prove("--disclose", "meter/power").errors.contains("it was redacted"))
    #expect(try await prove("--disclose", "meter/energy").code == 0)
    try await board.verified()
    let less = try await Cairn.run("log", "replay", board.state, in: directory)
    #expect(less.code == 0 && less.output.contains(": the record is hidden"), "\(less.output)")
    // The board goes on, and its meter's total too.
    try board.start(FastBoard(record: Self.record, kernels: Self.kernels))
    #expect(await board.runs())
    try await board.stop()
    try await board.verified()
  }

  @Test func `receipts are made for SCITT, and pycose finds them signed`() async throws {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 10_000 })
    try await board.stop()
    let receipt = board.directory.path("reading.receipt")
    let made = try await Cairn.run(
      "log", "receipt", board.state, "3", "-o", receipt, in: board.directory)
    #expect(made.code == 0, "\(made.errors)")
    let statement = board.directory.path("reading.scitt")
    _ = try await Cairn.run(
      "log", "receipt", board.state, "3", "--statement", "-o", statement, in: board.directory)
    let script = """
      import sys, hashlib, cbor2
      from pycose.messages import Sign1Message
      from pycose.keys import OKPKey
      from pycose.keys.curves import Ed25519
      receipt, statement, key = (open(p, "rb").read() for p in sys.argv[1:4])
      from cryptography.hazmat.primitives.serialization import load_pem_public_key, Encoding, PublicFormat
      raw = load_pem_public_key(key).public_bytes(Encoding.Raw, PublicFormat.Raw)
      cose_key = OKPKey(crv=Ed25519, x=raw)
      def leaf(entry): return hashlib.sha256(b"\\0" + entry).digest()
      def node(l, r): return hashlib.sha256(b"\\1" + l + r).digest()
      signed = Sign1Message.decode(statement); signed.key = cose_key
      assert signed.verify_signature(), "statement"
      parts = list(cbor2.loads(statement).value)
      assert parts[1] == {394: [receipt]}, "attached"
      parts[1] = {}
      entry = cbor2.dumps(cbor2.CBORTag(18, parts))
      size, index, path = cbor2.loads(cbor2.loads(receipt).value[1][396][-1][0])
      value, fn, sn = leaf(entry), index, size - 1
      for step in path:
          if fn & 1 or fn == sn:
              value = node(step, value)
              while not fn & 1 and fn: fn >>= 1; sn >>= 1
          else: value = node(value, step)
          fn >>= 1; sn >>= 1
      assert sn == 0, "path"
      message = Sign1Message.decode(receipt); message.key = cose_key
      assert message.verify_signature(detached_payload=value), "receipt"
      print("both hold")
      """
    let outcome = try await Cairn.run(
      "/usr/bin/env",
      ["python3", "-c", script, receipt, statement, "\(board.state)/log.pub.pem"],
      in: board.directory)
    #expect(outcome.output == "both hold\n", "\(outcome.errors)")
  }

  @Test func `a head that was kept is proven to be a beginning of the log`() async throws {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 5000 })
    try await board.stop()
    let kept = board.directory.path("kept")
    try Files.copy("\(board.state)/log/checkpoint", to: kept)
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 12_000 })
    try await board.stop()
    let proof = board.directory.path("growth.proof")
    let proven = try await Cairn.run(
      "log", "consistency", kept, board.state, "-o", proof, in: board.directory)
    #expect(proven.code == 0, "\(proven.errors)")
    #expect(proven.output.contains("are those of the older head, unchanged"))
    let checked = try await Cairn.run("log", "consistency", kept, proof, in: board.directory)
    #expect(checked.code == 0 && checked.output == proven.output)
    let fsck = try await Cairn.run("log", "fsck", board.state, in: board.directory)
    #expect(fsck.code == 0 && fsck.output.contains("all files agree"))
    // A hash of the proof that is another one is a fault, with both heads.
    let lines = try board.directory.text(of: proof).split(
      separator: "\n", omittingEmptySubsequences: false)
    var wrong = lines.map(String.init)
    let hash = try #require(wrong.firstIndex { $0.hasSuffix("=") && $0.count == 44 })
    wrong[hash] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    let forged = try board.directory.write(wrong.joined(separator: "\n"), to: "forged")
    let refused = try await Cairn.run("log", "consistency", kept, forged, in: board.directory)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("FAULT: nothing proves that the head"), "\(refused.errors)")
    #expect(refused.errors.contains("both are signed by did:key:"))
    // A log that is shorter than a head that was kept is one that was put back.
    let newest = board.directory.path("newest")
    try Files.copy("\(board.state)/log/checkpoint", to: newest)
    let shorter = board.directory.path("shorter")
    try FileManager.default.createDirectory(atPath: shorter, withIntermediateDirectories: true)
    try Files.copy(kept, to: "\(shorter)/checkpoint")
    let rolledBack = try await Cairn.run(
      "log", "consistency", newest, shorter, in: board.directory)
    #expect(rolledBack.code == 1)
    #expect(rolledBack.errors.contains("it is an older copy"), "\(rolledBack.errors)")
  }
}
