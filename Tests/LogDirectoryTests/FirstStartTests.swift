import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

@testable import LogDirectory

/// A first start that ended anywhere before its entry was under a head.
@Suite struct FirstStartTests {
  /// What a first start makes, in its order; restated here.
  static let steps = [
    "lock", "initialising", "keys", "keys/identity", "origin", "log.vkey", "log.pub.pem", "log",
    "wal", "checkpoint", "boot", "log/tile/0/000.p/1", "log/tile/entries/000.p/1", "log/checkpoint",
  ]

  /// A directory with the first steps of another first start done, the last of them perhaps by half.
  private func interrupted(
    after count: Int, half: Bool, _ template: WrittenLog
  ) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/board"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
    for (place, step) in Self.steps.prefix(count).enumerated() {
      let target = path + "/" + step
      switch step {
      case "initialising": try Files.write([], to: target)
      case "keys", "log":
        try FileManager.default.createDirectory(
          atPath: target, withIntermediateDirectories: true)
      case "checkpoint":
        try FileManager.default.createSymbolicLink(
          atPath: target, withDestinationPath: "log/checkpoint")
      default:
        let bytes = try Files.read(template.path + "/" + step)
        let isHalf = half && place == count - 1
        // The key is written under its own name, all others under a temporary one first.
        let name = isHalf && step != "keys/identity" && step != "lock" ? target + ".tmp" : target
        try Files.write(isHalf ? bytes[..<(bytes.count / 2)] : bytes[...], to: name)
        if step == "keys/identity" {
          try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
        }
      }
    }
    return directory
  }

  @Test(arguments: 0...14, [false, true])
  func `is started over with an identity of its own`(count: Int, half: Bool) throws {
    let template = try WrittenLog()
    template.close()
    let directory = try interrupted(after: count, half: half, template)
    let path = directory.path + "/board"
    let identity: Identity
    do {
      let state = try StateDirectory(opening: path, isSimulated: false)
      let isNew = state.isNew
      #expect(isNew)
      identity = state.identity
      #expect(identity.did != template.identity.did)
      let boot = try state.countStart()
      #expect(boot == 1)
      let log = try state.openLog()
      #expect(log.size == 0)
      #expect(log.checkpoint == nil)
      try log.append([HandmadeEntry(identity).bytes(at: 0, after: .zero)])
      _ = try log.writeCheckpoint(signedBy: identity)
      try StateDirectory.finishInitialising(path)
    }
    for file in try Files.list(path) {
      let text = String(decoding: try Files.read(path + "/" + file), as: UTF8.self)
      #expect(!text.contains(template.identity.did.description), "\(file) is of the old identity")
      #expect(!file.hasSuffix(".tmp"))
    }
    #expect(try LogAudit(path: path).run().notes.isEmpty)
    #expect(try StateDirectory.publicIdentity(of: path) == identity.did)
    let (_, boot, log) = try WrittenLog.open(path)
    #expect(boot == 2)
    #expect(log.size == 1)
  }

  @Test func `is started over again and again`() throws {
    let directory = try TemporaryDirectory()
    var seen: Set<String> = []
    for _ in 0..<3 {
      let (identity, boot, log) = try WrittenLog.open(directory.path)
      #expect(boot == 1)
      seen.insert(identity.did.description)
      try log.append([HandmadeEntry(identity).bytes(at: 0, after: .zero)])
      _ = try log.writeCheckpoint(signedBy: identity)
    }
    #expect(seen.count == 3)
  }

  @Test func `a simulated first start that was interrupted leaves nothing to a real one`() throws {
    let directory = try TemporaryDirectory()
    _ = try WrittenLog.open(directory.path, isSimulated: true)
    let (_, _, log) = try WrittenLog.open(directory.path, isSimulated: false)
    #expect(log.size == 0)
    #expect(!Files.exists(directory.path + "/simulated"))
  }

  @Test func `the marker does not make a log worthless that has grown`() throws {
    for kind in 0..<3 {
      let written = try WrittenLog()
      switch kind {
      case 0: CursorFile(stateDirectory: written.path).save(1)
      case 1: try written.append(1)
      default:
        try written.append(1)
        try written.writeCheckpoint()
        try Files.remove(written.path + "/wal")
      }
      written.close()
      try Files.write([], to: written.path + "/initialising")
      let before = try Files.list(written.path)
      guard case .contradiction(let text) = written.startFailure() else {
        Issue.record("a log was removed")
        continue
      }
      #expect(text.contains("nothing was removed"))
      #expect(try Files.list(written.path) == before)
    }
  }

  @Test func `makes the files with the modes that they need`() throws {
    let written = try WrittenLog()
    func mode(_ file: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: written.path + "/" + file)[
        .posixPermissions] as? Int
    }
    #expect(try mode("") == 0o700)
    #expect(try mode("keys") == 0o700)
    #expect(try mode("keys/identity") == 0o600)
    #expect(try mode("wal") == 0o600)
    let link = try FileManager.default.destinationOfSymbolicLink(
      atPath: written.path + "/checkpoint")
    #expect(link == "log/checkpoint")
  }

  @Test func `what cannot be looked at is not taken for missing`() throws {
    // A name longer than the file system takes is the one failure of lstat that every user can have.
    let path = String(repeating: "x", count: 4096)
    #expect(throws: LogFailure.self) { try DurableFiles.exists(path) }
    #expect(throws: LogFailure.self) { try DurableFiles.names(in: path) }
    #expect(throws: LogFailure.self) { try DurableFiles.read(path) }
  }
}

@Suite struct WriterLockTests {
  @Test func `a second opener is told which process has the log`() async throws {
    let written = try WrittenLog()
    let holder = "the log is held by process \(getpid())"
    for _ in 0..<2 {
      #expect {
        try WrittenLog.open(written.path)
      } throws: {
        guard case LogFailure.heldByAnother = $0 else { return false }
        return "\($0)".hasPrefix(holder)
      }
    }
    await #expect(processExitsWith: .success) {
      [path = written.path as String, holder = holder as String] in
      #expect {
        try WrittenLog.open(path)
      } throws: {
        "\($0)".hasPrefix(holder)
      }
    }
    try written.append(1)
    written.close()
    try written.reopen()
    try written.compare()
  }

  @Test func `deleting the lock file lets nobody in`() throws {
    let written = try WrittenLog()
    try Files.remove(written.path + "/lock")
    #expect {
      try WrittenLog.open(written.path)
    } throws: {
      if case LogFailure.heldByAnother = $0 { true } else { false }
    }
  }

  @Test func `a lock on the file alone counts too`() throws {
    let written = try WrittenLog()
    written.close()
    let descriptor = Glibc.open(written.path + "/lock", O_RDWR)
    defer { Glibc.close(descriptor) }
    // It waits, since a child that another test starts may have the closed lock for an instant.
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect {
      try WrittenLog.open(written.path)
    } throws: {
      if case LogFailure.heldByAnother = $0 { true } else { false }
    }
  }

  @Test func `a killed writer leaves a log that goes on with what it had acknowledged`()
    async throws
  {
    let written = try WrittenLog()
    written.close()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = written.path as String] in
      let (identity, boot, log) = try WrittenLog.open(path)
      let handmade = HandmadeEntry(identity)
      for seq in 1..<300 as Range<UInt64> {
        try log.append([handmade.bytes(at: seq, after: log.lastLeafHash, boot: boot)])
        if seq == 270 { _ = try log.writeCheckpoint(signedBy: identity) }
      }
      kill(getpid(), SIGKILL)
    }
    let (identity, boot, log) = try WrittenLog.open(written.path)
    #expect(boot == 3)
    #expect(log.size == 300)
    #expect(log.checkpointSize == 271)
    _ = try log.writeCheckpoint(signedBy: identity)
    #expect(try LogAudit(path: written.path).run().head.size == 300)
  }
}
