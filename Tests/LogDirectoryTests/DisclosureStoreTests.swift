import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

/// What opens hidden records: kept before the entry, apart from the log, and deleted for good.
@Suite struct DisclosureStoreTests {
  private func record(_ name: String, _ value: Double) throws -> SenMLRecord {
    try SenMLRecord(
      name: "\(HandmadeEntry.subject):\(name)", unit: "W", timeSeconds: 1_750_000_000 + value,
      value: .number(value))
  }

  private func disclosure(_ name: String, _ value: Double) throws -> Disclosure {
    var generator = SystemRandomNumberGenerator()
    return try Disclosure(record: record(name, value), using: &generator)
  }

  /// Appends an entry that hides records.
  private func hide(_ disclosures: [Disclosure], in written: WrittenLog) throws {
    let body = DataBody(disclosures.map { .redacted($0.digest) })
    let entry = Entry(
      type: .data, sequence: written.size, previous: written.leaves.last ?? .zero,
      boot: written.boot, monotonicMilliseconds: 1, body: body.cbor)
    let signed = try SignedEntry(
      signing: entry, subject: HandmadeEntry.subject, by: written.identity)
    try written.opened.keep([disclosures], from: written.size)
    try written.append(entry: signed.bytes)
  }

  private func written(_ count: Int = 6) throws -> (WrittenLog, [Disclosure]) {
    let written = try WrittenLog()
    var all: [Disclosure] = []
    for number in 0..<count {
      let disclosure = try disclosure("meter/power", Double(number))
      try hide([disclosure], in: written)
      all.append(disclosure)
    }
    try written.writeCheckpoint()
    return (written, all)
  }

  @Test func `every entry gives what opens it, and nothing of others`() throws {
    let (written, all) = try written()
    for (number, disclosure) in all.enumerated() {
      #expect(try written.opened.disclosures(of: UInt64(number) + 1) == [disclosure])
    }
    #expect(try written.opened.disclosures(of: 0) == [])
    let attributes = try FileManager.default.attributesOfItem(
      atPath: written.path + "/disclosures/0")
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    // The log itself tells nothing of it.
    for file in try Files.list(written.path + "/log") {
      let bytes = try Files.read(written.path + "/log/" + file)
      #expect(!Data(bytes).contains(Data("meter/power".utf8)))
    }
    _ = try LogAudit(path: written.path).run()
    try written.reopen()
    #expect(try written.opened.disclosures(of: 3) == [all[2]])
  }

  @Test func `a proof with a disclosure opens the record, and only with the right one`() throws {
    let (written, all) = try written()
    let log = try PublishedLog(path: written.path)
    let proof = try log.proof(of: 4, disclosing: [all[3]])
    let text = try EntryProof(parsing: proof.text)
    _ = try text.verify(log: written.identity.did)
    #expect(text.disclosures.map(\.record) == [all[3].record])
    let foreign = try log.proof(of: 4, disclosing: [all[2]])
    #expect(throws: EntryProofError.self) { try foreign.verify(log: written.identity.did) }
  }

  @Test func `what was kept for an entry that never came opens nothing`() throws {
    let (written, all) = try written(2)
    // A loss of power after the disclosure and before its entry; the place is taken by another.
    try written.opened.keep([[try disclosure("meter/power", 99)]], from: written.size)
    try written.reopen()
    let good = try disclosure("meter/power", 2)
    try hide([good], in: written)
    #expect(try written.opened.disclosures(of: 3) == [good])
    #expect(try written.opened.disclosures(of: 2) == [all[1]])
  }

  @Test func `a torn or damaged frame costs itself and nothing else`() throws {
    let (written, all) = try written()
    written.close()
    let path = written.path + "/disclosures/0"
    let bytes = try Files.read(path)
    let frames = DisclosureStore.scan(bytes).frames
    let width = bytes.count - frames[frames.count - 2].range.upperBound
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var changed = bytes
      changed[position] ^= 0x04
      try Files.write(changed, to: path)
      let store = DisclosureStore(stateDirectory: written.path)
      let hit = frames.firstIndex { position < $0.range.upperBound }
      for number in all.indices where number != hit {
        let entry = try SignedEntry(parsing: written.entries[number + 1])
        #expect(try store.disclosures(of: entry) == [all[number]], "byte \(position)")
      }
    }
    for cut in [bytes.count - 1, bytes.count - width + 3, bytes.count - width] {
      try Files.write(bytes[..<cut], to: path)
      let copy = try written.copy()
      let (identity, _, log) = try WrittenLog.open(copy.path + "/copy")
      let more = try disclosure("meter/power", 50)
      let entry = Entry(
        type: .data, sequence: log.size, previous: log.lastLeafHash, boot: 9,
        monotonicMilliseconds: 1, body: DataBody([.redacted(more.digest)]).cbor)
      let signed = try SignedEntry(
        signing: entry, subject: HandmadeEntry.subject, by: identity)
      try log.keep([[more]], from: log.size)
      try log.append([signed.bytes])
      #expect(try log.disclosures(of: log.size - 1) == [more])
      #expect(try log.disclosures(of: 5) == [all[4]])
    }
  }

  @Test func `what is redacted is gone from the disk, and the log stays whole`() throws {
    let (written, all) = try written()
    #expect {
      try DisclosureStore.redact(stateDirectory: written.path) { _, _ in true }
    } throws: {
      if case .heldByAnother? = $0 as? LogFailure { true } else { false }
    }
    written.close()
    let count = try DisclosureStore.redact(stateDirectory: written.path) { seq, _ in seq <= 3 }
    #expect(count == 3)
    let store = DisclosureStore(stateDirectory: written.path)
    for (number, disclosure) in all.enumerated() {
      let entry = try SignedEntry(parsing: written.entries[number + 1])
      #expect(try store.disclosures(of: entry) == (number < 3 ? [] : [disclosure]))
    }
    for file in try Files.list(written.path) where !file.hasPrefix("lock") {
      let bytes = Data(try Files.read(written.path + "/" + file))
      for disclosure in all.prefix(3) { #expect(!bytes.contains(Data(disclosure.salt)), "\(file)") }
    }
    #expect(try DisclosureStore.redact(stateDirectory: written.path) { seq, _ in seq <= 3 } == 0)
    try written.reopen()
    _ = try LogAudit(path: written.path).run()
  }
}
