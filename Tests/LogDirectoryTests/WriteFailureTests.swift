import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

@testable import LogDirectory

/// Failures of the file system itself, in processes of their own: the limit of a file's size
/// (RLIMIT_FSIZE) makes the kernel refuse a write with EFBIG after it has taken a part of it.
@Suite struct WriteFailureTests {
  private static func limitFileSize(_ byteCount: UInt) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: byteCount, rlim_max: rlim_t.max)
    #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
  }

  private static func expectClosed(_ log: LogDirectory, _ entries: [[UInt8]], _ identity: Identity)
  {
    #expect {
      try log.append(entries)
    } throws: {
      if case LogFailure.closed = $0 { true } else { false }
    }
    #expect {
      try log.writeCheckpoint(signedBy: identity)
    } throws: {
      if case LogFailure.closed = $0 { true } else { false }
    }
  }

  @Test func `a write that fails anywhere in a group closes the log, and the next start goes on`()
    async
  {
    await #expect(processExitsWith: .success) {
      for part in [0, 1, 15, 16, 100, 300, 400, 600] as [UInt] {
        let written = try WrittenLog()
        try written.grow(to: 20)
        try written.writeCheckpoint()
        try written.append(1)
        let group = written.next(3)
        let before = try Files.read(written.path + "/wal")
        Self.limitFileSize(UInt(before.count) + part)
        #expect {
          try written.opened.append(group)
        } throws: {
          guard case LogFailure.system(let file, "pwrite", _) = $0 else { return false }
          return file == written.path + "/wal"
        }
        Self.limitFileSize(UInt(rlim_t.max))
        #expect(try Files.read(written.path + "/wal").count == before.count + Int(part))
        Self.expectClosed(try written.opened, group, written.identity)
        #expect(try written.opened.size == 21)
        #expect(try written.opened.lastLeafHash == written.leaves.last)
        #expect(try written.opened.entry(at: 20) == written.entries[20])
        written.close()
        // Whole entries of the group may come back: they were signed, and shown to nobody.
        try written.reopen()
        let size = try written.opened.size
        var end = 0
        let whole = group.filter { entry in
          end += entry.count + 16
          return end <= Int(part)
        }
        #expect(size == 21 + UInt64(whole.count))
        let handmade = HandmadeEntry(written.identity)
        let again = try written.opened
        try again.append([handmade.bytes(at: size, after: again.lastLeafHash, boot: written.boot)])
        _ = try again.writeCheckpoint(signedBy: written.identity)
        written.close()
        #expect(try LogAudit(path: written.path).run().head.size == size + 1)
      }
    }
  }

  @Test func `a head that cannot be written closes the log and leaves the old head`() async {
    await #expect(processExitsWith: .success) {
      // A full tile has 8192 bytes and comes first; then comes its bundle, which takes over 60,000.
      for byteCount in [0, 100, 8191, 8192, 20_000] as [UInt] {
        let written = try WrittenLog()
        try written.grow(to: 20)
        let old = try written.writeCheckpoint()
        try written.grow(to: 270)
        Self.limitFileSize(byteCount)
        #expect {
          try written.opened.writeCheckpoint(signedBy: written.identity)
        } throws: {
          if case LogFailure.system(_, "pwrite", _) = $0 { true } else { false }
        }
        Self.limitFileSize(UInt(rlim_t.max))
        Self.expectClosed(try written.opened, written.next(1), written.identity)
        #expect(try written.opened.checkpoint == old)
        #expect(try Files.read(written.path + "/log/checkpoint") == old.bytes)
        try written.reopen()
        try written.compare()
        #expect(try written.opened.checkpointSize == 20)
        try written.writeCheckpoint()
        try written.compare()
        written.close()
        #expect(try LogAudit(path: written.path).run().notes.isEmpty)
      }
    }
  }

  @Test func `a head that cannot be put in its place closes the log`() throws {
    let written = try WrittenLog()
    try written.grow(to: 256)
    let old = try written.opened.checkpoint
    try Files.write([], to: written.path + "/log/checkpoint.tmp/in the way")
    #expect(throws: LogFailure.self) {
      try written.opened.writeCheckpoint(signedBy: written.identity)
    }
    Self.expectClosed(try written.opened, written.next(1), written.identity)
    #expect(try written.opened.checkpoint == old)
    try Files.remove(written.path + "/log/checkpoint.tmp")
    try written.reopen()
    try written.compare()
    try written.writeCheckpoint()
    written.close()
    #expect(try LogAudit(path: written.path).run().notes.isEmpty)
  }

  @Test func `a directory that cannot be made closes the log`() throws {
    let written = try WrittenLog()
    try written.grow(to: 256)
    try Files.write([], to: written.path + "/log/tile/1")
    #expect(throws: LogFailure.self) {
      try written.opened.writeCheckpoint(signedBy: written.identity)
    }
    Self.expectClosed(try written.opened, written.next(1), written.identity)
    try Files.remove(written.path + "/log/tile/1")
    try written.reopen()
    try written.writeCheckpoint()
    try written.compare()
  }

  @Test func `a start that cannot write changes nothing and can be tried again`() async {
    await #expect(processExitsWith: .success) {
      let written = try WrittenLog()
      try written.grow(to: 30)
      try written.writeCheckpoint()
      try written.append(2)
      written.close()
      let wal = try Files.read(written.path + "/wal")
      Self.limitFileSize(1000)
      guard case .system = written.startFailure() else {
        Issue.record("the log was opened")
        return
      }
      Self.limitFileSize(UInt(rlim_t.max))
      #expect(try Files.read(written.path + "/wal") == wal)
      try written.reopen()
      try written.compare()
    }
  }

  @Test(.enabled(if: canTrace, "no strace that may trace here: install strace, or run as root"))
  func `a failed fdatasync closes the log for good, though the next one would succeed`() async {
    await #expect(processExitsWith: .success) {
      let written = try WrittenLog()
      try written.grow(to: 20)
      let group = written.next(2)
      let tracer = try Self.tracer("fdatasync")
      #expect {
        try written.opened.append(group)
      } throws: {
        if case LogFailure.system(_, "fdatasync", _) = $0 { true } else { false }
      }
      tracer.interrupt()
      tracer.waitUntilExit()
      Self.expectClosed(try written.opened, group, written.identity)
      #expect(try written.opened.size == 20)
      #expect(try written.opened.lastLeafHash == written.leaves.last)
    }
  }

  @Test(.enabled(if: canTrace, "no strace that may trace here: install strace, or run as root"))
  func `a failed fsync of any file or directory of a head closes the log and keeps the old head`()
    async
  {
    // Tile and bundle, their directories, the head, its directory, and the shorter write-ahead file.
    for call in 1...12 {
      await #expect(processExitsWith: .success) { [call = call as Int] in
        let written = try WrittenLog()
        try written.grow(to: 300)
        let old = try written.opened.checkpoint
        let tracer = try Self.tracer("fsync", when: call)
        #expect {
          try written.opened.writeCheckpoint(signedBy: written.identity)
        } throws: {
          if case LogFailure.system(_, "fsync", _) = $0 { true } else { false }
        }
        tracer.interrupt()
        tracer.waitUntilExit()
        Self.expectClosed(try written.opened, written.next(1), written.identity)
        // What is given out as the head is durable: the old one, or the new one once it is in place.
        let given = try #require(try written.opened.checkpoint)
        let size = try written.opened.checkpointSize
        #expect(given == old || size == 300)
        try written.reopen()
        try written.compare()
        try written.writeCheckpoint()
        try written.compare()
        written.close()
        #expect(try LogAudit(path: written.path).run().head.size == 300)
      }
    }
  }

  /// Whether strace is there and the kernel lets a child trace its parent (Yama's ptrace_scope).
  private static let canTrace: Bool = {
    guard let answer = try? run("strace", ["-V"]), answer.status == 0 else { return false }
    let scope = (try? Files.read("/proc/sys/kernel/yama/ptrace_scope"))?.first
    return geteuid() == 0 || scope == nil || scope == UInt8(ascii: "0")
  }()

  /// Lets strace fail a call of this very process, and returns once it does.
  private static func tracer(_ call: String, when count: Int = 1) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "strace", "-f", "-qq", "-o", "/dev/null", "-p", "\(getpid())", "-e", "trace=\(call)", "-e",
      "inject=\(call):error=EIO:when=\(count)",
    ]
    try process.run()
    for _ in 0..<500 {
      let text = String(decoding: try Files.read("/proc/self/status"), as: UTF8.self)
      let line = text.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
      if let line, !line.hasSuffix("\t0") { return process }
      usleep(10_000)
    }
    throw LogFailure.notFound("strace did not attach")
  }
}
