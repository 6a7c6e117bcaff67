import Evidence
import Foundation
import Testing

@testable import LogDirectory

/// Other people's programs check logs of this package.
@Suite struct InteropTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Interop").path
  private static let isWithout =
    ProcessInfo.processInfo.environment["CAIRN_WITHOUT_INTEROP"] == "1"

  private static let sizes: [UInt64] = [1, 2, 255, 256, 257, 700, LargeLog.size]

  /// A log of a size with a few heads on the way.
  private static func path(of size: UInt64) throws -> (String, Any) {
    if size == LargeLog.size {
      let large = try LargeLog.written.get()
      return (large.path, large)
    }
    let written = try WrittenLog()
    for head in [size / 3, size / 2, size - min(size, 7), size] where head > 0 {
      try written.grow(to: head)
      try written.writeCheckpoint()
    }
    written.close()
    return (written.path, written)
  }

  @Test(
    .disabled(if: isWithout, "CAIRN_WITHOUT_INTEROP=1: logs are not checked by Go's own packages"),
    arguments: sizes)
  func `Go's note and tlog packages accept the log`(size: UInt64) throws {
    let (path, log) = try Self.path(of: size)
    try withExtendedLifetime(log) {
      let answer = try Self.go(path)
      #expect(answer.status == 0, "\(answer.output)")
      #expect(answer.output.hasPrefix("OK \(size) entries"), "\(answer.output)")
    }
  }

  @Test(
    .disabled(if: isWithout, "CAIRN_WITHOUT_INTEROP=1: logs are not checked by Go's own packages"))
  func `Go's packages refuse a log with one bit changed`() throws {
    let (path, log) = try Self.path(of: 257)
    try withExtendedLifetime(log) {
      for file in [
        "log/checkpoint", "log/tile/0/000", "log/tile/entries/000", "log/tile/1/000.p/1",
      ] {
        let bytes = try Files.read(path + "/" + file)
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        try Files.write(changed, to: path + "/" + file)
        #expect(try Self.go(path).status != 0, "\(file)")
        try Files.write(bytes, to: path + "/" + file)
      }
    }
  }

  @Test(
    .disabled(if: isWithout, "CAIRN_WITHOUT_INTEROP=1: entries are not checked by pycose"),
    arguments: sizes)
  func `pycose and cbor2 accept every entry`(size: UInt64) throws {
    let (path, log) = try Self.path(of: size)
    try withExtendedLifetime(log) {
      let answer = try Self.python(path)
      #expect(answer.status == 0, "\(answer.output)")
      #expect(answer.output == "OK \(size) entries\n")
    }
  }

  @Test(
    .disabled(if: isWithout, "CAIRN_WITHOUT_INTEROP=1: entries are not checked by pycose"))
  func `pycose refuses an entry with one bit changed`() throws {
    let (path, log) = try Self.path(of: 2)
    try withExtendedLifetime(log) {
      let file = path + "/log/tile/entries/000.p/2"
      let bytes = try Files.read(file)
      for position in [150, bytes.count - 1] {
        var changed = bytes
        changed[position] ^= 1
        try Files.write(changed, to: file)
        #expect(try Self.python(path).status != 0)
      }
    }
  }

  private static func go(_ path: String) throws -> (status: Int32, output: String) {
    let sources = "/usr/share/gocode"
    guard Files.exists(sources + "/src/golang.org/x/mod/sumdb/tlog"),
      let answer = try run(
        "go", ["run", folder + "/verify.go", path],
        environment: ["GO111MODULE": "off", "GOPATH": sources, "GOFLAGS": ""])
    else {
      Issue.record(
        """
        Go or its packages are missing; install golang-go and golang-golang-x-mod-dev, \
        or set CAIRN_WITHOUT_INTEROP=1
        """)
      return (-1, "")
    }
    return answer
  }

  private static func python(_ path: String) throws -> (status: Int32, output: String) {
    guard let probe = try run("python3", ["-c", "import pycose, cbor2"]), probe.status == 0,
      let answer = try run("python3", [folder + "/verify.py", path])
    else {
      Issue.record(
        """
        Python or its packages are missing; install python3 and 'pip install pycose cbor2', \
        or set CAIRN_WITHOUT_INTEROP=1
        """)
      return (-1, "")
    }
    return answer
  }
}
