import BrokerTesting
import Foundation
import LogDirectory
import Testing

/// A log that somebody changed after the fact.
@Suite(.serialized) struct DamageTests {
  /// One byte of one file, and the bits that are turned over in it.
  private struct Flip {
    let file: String
    let offset: Int
    let bits: UInt8
  }

  private static let sampleCount = 300

  /// The state of a finished run, in the directory that the caller keeps.
  private func finishedRun() async throws -> RunningBoard {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 20_000 })
    try await board.stop()
    try await board.verified()
    return board
  }

  /// Every file that is evidence or names it, and the two counters beside it.
  private func files(_ state: String) throws -> [(name: String, byteCount: Int)] {
    let names = try Files.regularFiles(below: state).filter {
      $0.hasPrefix("log/")
        || ["wal", "origin", "log.vkey", "log.pub.pem", "boot", "keys/identity"].contains($0)
    }
    for kind in ["log/checkpoint", "log/tile/0/000.p/", "log/tile/entries/000.p/", "wal"] {
      #expect(names.contains { $0.hasPrefix(kind) }, "the run left no \(kind)")
    }
    return try names.map { ($0, try Files.bytes("\(state)/\($0)").count) }
  }

  /// The first and last byte of every file and places between, the same in every run of the test.
  private func flips(_ files: [(name: String, byteCount: Int)]) -> [Flip] {
    var flips: [Flip] = []
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for file in files where file.byteCount > 0 {
      var offsets = [0, file.byteCount - 1]
      for _ in 0..<(Self.sampleCount / files.count) { offsets.append(random(file.byteCount)) }
      for offset in offsets {
        flips.append(Flip(file: file.name, offset: offset, bits: UInt8(1 << random(8))))
      }
    }
    return flips
  }

  /// Turns bits over for as long as something is done, then puts them back.
  private func with<Result>(
    _ flip: Flip, in state: String, _ work: () async throws -> Result
  ) async throws -> Result {
    let path = "\(state)/\(flip.file)"
    let whole = try Files.bytes(path)
    var damaged = whole
    damaged[flip.offset] ^= flip.bits
    try Files.write(damaged, to: path)
    do {
      let result = try await work()
      try Files.write(whole, to: path)
      return result
    } catch {
      try Files.write(whole, to: path)
      throw error
    }
  }

  @Test func `one turned bit anywhere in a finished log is found, and its file named`()
    async throws
  {
    let board = try await finishedRun()
    let flips = flips(try files(board.state))
    #expect(flips.count > 250)
    for flip in flips {
      let where_ = "\(flip.file), byte \(flip.offset), bits \(flip.bits)"
      try await with(flip, in: board.state) {
        do throws(LogAudit.Fault) {
          _ = try LogAudit(path: board.state).run()
          Issue.record("not found: \(where_)")
        } catch {
          #expect(error.description.contains(flip.file), "\(where_): \(error)")
        }
      }
    }
    try await board.verified()
  }

  @Test func `the program says where the damage is and ends with 1`() async throws {
    let board = try await finishedRun()
    let files = try files(board.state)
    let flips = flips(files)
    // One for each file.
    for file in files {
      let flip = try #require(flips.last { $0.file == file.name })
      let outcome = try await with(flip, in: board.state) {
        try await Cairn.run("verify", board.state, in: board.directory)
      }
      #expect(outcome.code == 1, "\(flip)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("FAULT in \(board.state): "), "\(outcome.errors)")
      #expect(outcome.errors.contains(file.name), "\(outcome.errors)")
    }
    // The served directory alone is checked as well, and so is a file that is gone.
    let served = try await Cairn.run("verify", "\(board.state)/log", in: board.directory)
    #expect(served.code == 0 && served.output.hasPrefix("SIMULATED: "))
    let bundle = try #require(files.last { $0.name.hasPrefix("log/tile/entries/") }).name
    let whole = try Files.bytes("\(board.state)/\(bundle)")
    try Files.write([], to: "\(board.state)/\(bundle)")
    let empty = try await Cairn.run("verify", board.state, in: board.directory)
    #expect(empty.code == 1 && empty.errors.contains(bundle))
    try Files.write(whole, to: "\(board.state)/\(bundle)")
    let other = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    let stranger = try await Cairn.run(
      "verify", board.state, "--did", other, in: board.directory)
    #expect(stranger.code == 1 && stranger.errors.contains(other))
  }

  @Test func `a damaged log is not continued, and the board measures all the same`() async throws {
    let board = try await finishedRun()
    let state = board.state
    for file in ["log/checkpoint", "wal", "origin", "boot", "keys/identity"] {
      let byteCount = try Files.bytes("\(state)/\(file)").count
      let flip = Flip(file: file, offset: byteCount / 2, bits: 1)
      let evidence = try evidence(state)
      try await with(flip, in: state) {
        let damaged = try self.evidence(state)
        try board.start(FastBoard())
        #expect(await board.runs(), "\(board.errors)")
        #expect(
          await eventually { ((try? Files.bytes("\(state)/unsigned.jsonl").count) ?? 0) > 5000 })
        try await board.stop(.exit(1))
        #expect(board.errors.contains("nothing is signed"), "\(board.errors)")
        #expect(board.errors.contains(file), "\(file): \(board.errors)")
        #expect(board.errors.contains("cairn log init \(board.directory.path("board.yaml"))"))
        #expect(try self.evidence(state) == damaged)
        for line in try Files.bytes("\(state)/unsigned.jsonl").split(separator: 0x0A) {
          _ = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
        try Files.write([], to: "\(state)/unsigned.jsonl")
      }
      #expect(try self.evidence(state) == evidence)
    }
    try board.start(FastBoard())
    #expect(await board.runs())
    try await board.stop()
    try await board.verified()
  }

  /// The bytes of everything that was signed.
  private func evidence(_ state: String) throws -> [String: [UInt8]] {
    var bytes: [String: [UInt8]] = [:]
    for file in try files(state) where file.name != "boot" {
      bytes[file.name] = try Files.bytes("\(state)/\(file.name)")
    }
    return bytes
  }
}
