import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

@Suite struct LogAuditTests {
  /// A log that was stopped cleanly, with two partial versions of its last tiles.
  static func finished(_ size: UInt64, before: [UInt64], cursor: Bool = true) throws -> WrittenLog {
    let written = try WrittenLog()
    for head in before + [size] {
      try written.grow(to: head)
      try written.writeCheckpoint()
    }
    if cursor { CursorFile(stateDirectory: written.path).save(size) }
    written.close()
    return written
  }

  private static func fault(_ path: String) -> LogAudit.Fault? {
    do {
      _ = try LogAudit(path: path).run()
      return nil
    } catch {
      return error
    }
  }

  /// Changes a file in every way of a list and expects the audit to name it each time.
  private static func expectFaults(
    _ path: String, _ file: String, _ changes: [(name: String, bytes: [UInt8])]
  ) throws {
    let target = path + "/" + file
    let bytes = try Files.read(target)
    defer { try? Files.write(bytes, to: target) }
    for change in changes {
      try Files.write(change.bytes, to: target)
      guard let fault = fault(path) else {
        Issue.record("\(file), \(change.name): no fault")
        continue
      }
      #expect(fault.place == file, "\(file), \(change.name): \(fault)")
    }
  }

  private static func flip(_ bytes: [UInt8], _ position: Int) -> [UInt8] {
    var changed = bytes
    changed[position] ^= 1 << UInt8(position % 8)
    return changed
  }

  private static func checked(_ path: String) throws -> [String] {
    try Files.list(path).filter { $0 != "lock" }
  }

  @Test func `one bit of any byte of any file of a log is a fault of that file`() throws {
    let written = try Self.finished(9, before: [4])
    let files = try Self.checked(written.path)
    #expect(
      files == [
        "boot", "cursor", "keys/identity", "log.pub.pem", "log.vkey", "log/checkpoint",
        "log/tile/0/000.p/4", "log/tile/0/000.p/9", "log/tile/entries/000.p/4",
        "log/tile/entries/000.p/9", "origin", "wal",
      ])
    for file in files {
      let bytes = try Files.read(written.path + "/" + file)
      try Self.expectFaults(
        written.path, file,
        bytes.indices.map { ("byte \($0)", Self.flip(bytes, $0)) })
    }
    #expect(Self.fault(written.path) == nil)
  }

  @Test func `a changed, missing, cut or longer file of a large log is a fault of that file`()
    throws
  {
    let written = try Self.finished(600, before: [100, 256, 570])
    let files = try Self.checked(written.path)
    #expect(files.contains("log/tile/0/002.p/58") && files.contains("log/tile/0/002.p/88"))
    #expect(files.contains("log/tile/1/000.p/2") && files.contains("log/tile/entries/001"))
    for file in files {
      let bytes = try Files.read(written.path + "/" + file)
      let step = max(1, bytes.count / 6)
      let positions = Set(stride(from: 0, to: bytes.count, by: step)).union([
        bytes.count / 2, bytes.count - 1,
      ])
      var changes = positions.sorted().map { ("byte \($0)", Self.flip(bytes, $0)) }
      changes.append(("one byte less", Array(bytes.dropLast())))
      // A byte after the last frame may be the beginning of an entry that was never acknowledged.
      if file != "wal" { changes.append(("one byte more", bytes + [0x0A])) }
      try Self.expectFaults(written.path, file, changes)
    }
    #expect(Self.fault(written.path) == nil)
  }

  @Test func `a missing file is a fault of that file`() throws {
    let written = try Self.finished(600, before: [100, 256, 570])
    // Never there where there is no broker; only on the board itself; older versions of tiles.
    let optional = [
      "cursor", "keys/identity", "log/tile/0/002.p/58", "log/tile/entries/002.p/58",
    ]
    for file in try Self.checked(written.path) {
      let bytes = try Files.read(written.path + "/" + file)
      try Files.remove(written.path + "/" + file)
      let place = Self.fault(written.path)?.place
      if optional.contains(file) {
        #expect(place == nil, "\(file)")
      } else {
        #expect(place == file)
      }
      try Files.write(bytes, to: written.path + "/" + file)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: written.path + "/" + file)
    }
    try Files.remove(written.path + "/checkpoint")
    #expect(Self.fault(written.path)?.place == "checkpoint")
    // A copy may hold the bytes instead of a link.
    let head = try Files.read(written.path + "/log/checkpoint")
    try Files.write(head, to: written.path + "/checkpoint")
    #expect(Self.fault(written.path) == nil)
    try Files.write(head.dropLast(), to: written.path + "/checkpoint")
    #expect(Self.fault(written.path)?.place == "checkpoint")
  }

  @Test(arguments: [
    "notes.txt", "log/index.html", "log/tile/notes", "log/tile/0/000.bak", "log/tile/0/000.p/256",
    "log/tile/0/000.p/07", "log/tile/9/x001/000", "log/tile/entries/003", "keys/old",
    "log/tile/0/002.p/89", "log/tile/3/000.p/1", "log/tile/64/000", "log/tile/entries/000.p/0",
  ])
  func `an extra file is a fault`(file: String) throws {
    let written = try Self.finished(600, before: [570])
    try Files.write([1, 2, 3], to: written.path + "/" + file)
    #expect(Self.fault(written.path)?.place == file)
  }

  @Test func `an older version of a tile that differs is a fault`() throws {
    let written = try Self.finished(600, before: [570])
    for (file, length) in [("log/tile/0/000.p/7", 7 * 32), ("log/tile/1/000.p/1", 32)] {
      let path = written.path + "/" + file
      let whole =
        file.hasPrefix("log/tile/0") ? "log/tile/0/000" : "log/tile/1/000.p/2"
      var bytes = Array(try Files.read(written.path + "/" + whole)[..<length])
      try Files.write(bytes, to: path)
      #expect(Self.fault(written.path) == nil)
      bytes[length - 1] ^= 1
      try Files.write(bytes, to: path)
      #expect(Self.fault(written.path)?.place == file)
      try Files.remove(path)
    }
  }

  @Test(arguments: ["log/checkpoint.tmp", "log/tile/entries/002.p/90.tmp", "wal.tmp", "boot.tmp"])
  func `what a loss of power leaves half written is a note`(file: String) throws {
    let written = try Self.finished(20, before: [])
    try Files.write([1, 2, 3], to: written.path + "/" + file)
    let report = try LogAudit(path: written.path).run()
    #expect(report.notes == ["\(file) was never finished; it means nothing"])
  }

  @Test func `a torn tail, tiles ahead of the head and a lost cursor are notes`() throws {
    let written = try Self.finished(20, before: [])
    let wal = try Files.read(written.path + "/wal")
    try Files.write(wal + [0, 0, 1], to: written.path + "/wal")
    try Files.write([], to: written.path + "/cursor")
    #expect(try LogAudit(path: written.path).run().notes.count == 2)
    // As if the power had gone after the tiles and before the head.
    try written.reopen()
    let head = try Files.read(written.path + "/log/checkpoint")
    try written.append(3)
    try written.writeCheckpoint()
    written.close()
    try Files.write(head, to: written.path + "/log/checkpoint")
    let report = try LogAudit(path: written.path).run()
    #expect(report.entriesBeyondHead == 3)
    #expect(report.notes.filter { $0.contains("ahead of the signed head") }.count == 2)
    try written.reopen()
    try written.compare()
    try written.writeCheckpoint()
    CursorFile(stateDirectory: written.path).save(23)
    written.close()
    #expect(try LogAudit(path: written.path).run().notes.isEmpty)
  }

  @Test func `a log that is being written passes`() throws {
    let written = try WrittenLog()
    let audit = LogAudit(path: written.path)
    for size in stride(from: 2, through: 520, by: 74) as StrideThrough<UInt64> {
      try written.grow(to: size)
      if size % 3 == 0 { try written.writeCheckpoint() }
      let report = try audit.run()
      #expect(report.head.size + report.entriesBeyondHead == size)
      #expect(report.notes.isEmpty)
    }
  }

  @Test func `partial tiles that a growing log has replaced are found in the wider ones`() throws {
    let written = try WrittenLog()
    try written.grow(to: 10)
    let head = try written.writeCheckpoint()
    for size in [20, 30, 300] as [UInt64] {
      try written.grow(to: size)
      try written.writeCheckpoint()
      // A reader that still holds the old head, as a copy of the served directory would.
      let copy = try TemporaryDirectory()
      try Files.copy(written.path + "/log", to: copy.path + "/log")
      try Files.write(head.bytes, to: copy.path + "/log/checkpoint")
      let report = try LogAudit(path: copy.path + "/log").run()
      #expect(report.head.size == 10)
    }
  }

  @Test func `the served directory alone is checked as strictly`() throws {
    let written = try Self.finished(300, before: [280])
    let path = written.path + "/log"
    let report = try LogAudit(path: path).run()
    #expect(report.head.size == 300)
    #expect(report.entriesBeyondHead == 0)
    for file in try Files.list(path) {
      let bytes = try Files.read(path + "/" + file)
      let changes = [
        ("first byte", Self.flip(bytes, 0)), ("middle", Self.flip(bytes, bytes.count / 2)),
        ("last byte", Self.flip(bytes, bytes.count - 1)), ("less", Array(bytes.dropLast())),
        ("more", bytes + [0]),
      ]
      try Self.expectFaults(path, file, changes)
    }
    try Files.write([1], to: path + "/index.html")
    #expect(Self.fault(path)?.place == "index.html")
    #expect(Self.fault(written.directory.path)?.place == "checkpoint")
  }

  @Test func `a marker that contradicts the entries is a fault`() throws {
    let written = try Self.finished(5, before: [])
    try Files.write([], to: written.path + "/simulated")
    #expect(Self.fault(written.path)?.place == "simulated")
    try Files.remove(written.path + "/simulated")
    try Files.write([], to: written.path + "/initialising")
    #expect(try LogAudit(path: written.path).run().notes.count == 1)
  }

  @Test func `a simulated log says so, and needs its marker`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path
    do {
      let (identity, _, log) = try WrittenLog.open(path, isSimulated: true)
      let handmade = HandmadeEntry(identity, subject: HandmadeEntry.subject + ":simulated")
      try log.append([handmade.bytes(at: 0, after: .zero)])
      _ = try log.writeCheckpoint(signedBy: identity)
      try StateDirectory.finishInitialising(path)
    }
    #expect(try LogAudit(path: path).run().isSimulated)
    try Files.remove(path + "/simulated")
    #expect(Self.fault(path)?.place == "simulated")
  }

  @Test func `a key that others can read is a fault`() throws {
    let written = try Self.finished(5, before: [])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: written.path + "/keys/identity")
    #expect(Self.fault(written.path)?.place == "keys/identity")
  }

  @Test func `numbers beyond what the log holds are faults`() throws {
    let written = try Self.finished(5, before: [])
    CursorFile(stateDirectory: written.path).save(6)
    #expect(Self.fault(written.path)?.place == "cursor")
    CursorFile(stateDirectory: written.path).save(5)
    try Files.write(Array(NumberFile.text(0).utf8), to: written.path + "/boot")
    #expect(Self.fault(written.path)?.place == "boot")
  }
}
