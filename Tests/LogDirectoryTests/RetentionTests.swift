import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

/// Logs of which old entries went, and logs that somebody thinned out.
@Suite struct RetentionTests {
  /// 800 entries under a head, of which the last says that those before 512 are no longer kept.
  private func written(saying keptFrom: UInt64 = 512) throws -> WrittenLog {
    let written = try WrittenLog()
    try written.grow(to: 800)
    let event = Event(
      kind: .storage, subject: "log",
      details: [CBOR.Pair(.text(Event.keptFrom), .unsigned(keptFrom))])
    try written.append(event)
    try written.writeCheckpoint()
    return written
  }

  private func fault(_ path: String) -> LogAudit.Fault? {
    do {
      _ = try LogAudit(path: path).run()
      return nil
    } catch {
      return error
    }
  }

  @Test func `what went is not there, what is kept is whole, and all proofs of it hold`() throws {
    let written = try written()
    let log = try written.opened
    let before = try log.storage()
    #expect(before.firstKept == 0 && before.mostDroppable == 768)
    try log.drop(before: 512)
    let after = try log.storage()
    #expect(after.firstKept == 512)
    #expect(after.bundleBytes < before.bundleBytes / 2)
    #expect(throws: LogFailure.self) { try log.entry(at: 511) }
    for seq in 512..<801 as Range<UInt64> {
      #expect(try log.entry(at: seq) == written.entries[Int(seq)])
    }
    let report = try LogAudit(path: written.path).run()
    #expect(report.firstKept == 512)
    #expect(report.head.size == 801)
    let published = try PublishedLog(path: written.path)
    #expect(try published.keptBundles == 2..<4)
    for seq in [512, 600, 767, 768, 800] as [UInt64] {
      _ = try published.proof(of: seq).verify(log: written.identity.did)
    }
    // The served directory alone says the same.
    #expect(try LogAudit(path: written.path + "/log").run().firstKept == 512)
  }

  @Test func `a log goes on after a start, and lets go more`() throws {
    let written = try written()
    try written.opened.drop(before: 512)
    try written.reopen()
    #expect(try written.opened.storage().firstKept == 512)
    try written.grow(to: 1100)
    let event = Event(
      kind: .storage, subject: "log",
      details: [CBOR.Pair(.text(Event.keptFrom), .unsigned(1024))])
    try written.append(event)
    try written.writeCheckpoint()
    try written.opened.drop(before: 1024)
    #expect(try LogAudit(path: written.path).run().firstKept == 1024)
    try written.reopen()
    try written.grow(to: 1400)
    try written.writeCheckpoint()
    #expect(try LogAudit(path: written.path).run().head.size == 1400)
  }

  @Test func `the bundle with the last entry and what is beyond stays whatever is asked`() throws {
    let written = try written(saying: 4096)
    try written.opened.drop(before: .max)
    #expect(try written.opened.storage().firstKept == 768)
    #expect(try written.opened.entry(at: 800) == written.entries[800])
    _ = try LogAudit(path: written.path).run()
  }

  @Test func `a start removes what a loss of power left of what was to go`() throws {
    let written = try written()
    let bundle = written.path + "/log/tile/entries/001"
    let bytes = try Files.read(bundle)
    try written.opened.drop(before: 512)
    written.close()
    try Files.write(bytes, to: bundle)
    try written.reopen()
    _ = try written.opened.storage()
    #expect(!FileManager.default.fileExists(atPath: bundle))
    _ = try LogAudit(path: written.path).run()
  }

  @Test func `entries that are missing though no event said so are a fault`() throws {
    for (said, removed) in [(0, ["000"]), (256, ["000", "001"]), (512, ["000", "002"])] {
      let written = try written(saying: UInt64(said))
      written.close()
      for name in removed { try Files.remove(written.path + "/log/tile/entries/" + name) }
      let fault = try #require(self.fault(written.path), "\(removed)")
      #expect(fault.place == "log/tile/entries/" + (removed.last ?? ""), "\(fault)")
      #expect(fault.reason.contains("is missing"))
    }
  }

  @Test func `hashes of entries that went are checked all the same`() throws {
    let written = try written()
    try written.opened.drop(before: 512)
    written.close()
    for name in ["000", "001"] {
      let path = written.path + "/log/tile/0/" + name
      let bytes = try Files.read(path)
      for offset in stride(from: 0, to: bytes.count, by: 509) {
        var changed = bytes
        changed[offset] ^= 1
        try Files.write(changed, to: path)
        #expect(fault(written.path) != nil, "\(name), byte \(offset)")
      }
      try Files.write(bytes, to: path)
    }
    #expect(fault(written.path) == nil)
  }

  @Test func `a number of kept entries that is damaged closes the log`() throws {
    for text in ["7", "256", "256 00000000\n", ""] {
      let written = try written()
      try Files.write(Array(text.utf8), to: written.path + "/kept")
      guard case .contradiction(let words)? = written.startFailure() else {
        Issue.record("\(text) was taken")
        continue
      }
      #expect(words.contains("kept is damaged"))
    }
  }
}

extension WrittenLog {
  /// Appends an event.
  fileprivate func append(_ event: Event) throws {
    let entry = Entry(
      type: .event, sequence: size, previous: leaves.last ?? .zero, boot: boot,
      monotonicMilliseconds: size * 1000, clock: nil, body: EventBody([event]).cbor)
    let signed = try SignedEntry(signing: entry, subject: HandmadeEntry.subject, by: identity)
    try append(entry: signed.bytes)
  }
}
