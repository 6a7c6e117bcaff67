import Buses
import Foundation
import Testing

@testable import LinuxI2C

/// A directory of its own that goes away with the closure.
private func withDirectory(_ body: (String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("cairn-i2c-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url.path)
}

private func write(_ text: String, to path: String) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(
    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(text.utf8).write(to: url)
}

/// The failure of opening a bus, or nil where it opened.
private func failure(opening path: String) -> I2CFailure? {
  do throws(I2CFailure) {
    _ = try LinuxI2CBus(opening: path)
    return nil
  } catch {
    return error
  }
}

@Test func `a path without a node is a missing adapter`() throws {
  try withDirectory { directory in
    let path = directory + "/i2c-1"
    #expect(failure(opening: path) == I2CFailure(.deviceGone, detail: "\(path) does not exist"))
  }
}

@Test(arguments: ["", "/dev/i2c-1\u{0}x"])
func `a text that is no path is refused with an example`(_ path: String) {
  let failure = failure(opening: path)
  #expect(failure?.kind == .deviceGone)
  #expect(failure?.detail.hasSuffix("write for example /dev/i2c-1") == true)
}

@Test func `a regular file is not an adapter`() throws {
  try withDirectory { directory in
    let path = directory + "/file"
    try write("", to: path)
    let failure = failure(opening: path)
    #expect(failure?.kind == .unsupported)
    #expect(failure?.detail == "\(path) is not an I2C adapter; write for example /dev/i2c-1")
  }
}

@Test func `a directory is not an adapter`() throws {
  try withDirectory { directory in
    #expect(failure(opening: directory)?.kind == .unsupported)
  }
}

@Test func `another character device is not an adapter`() {
  let failure = failure(opening: "/dev/null")
  #expect(failure?.kind == .unsupported)
  #expect(failure?.detail == "/dev/null: ENOTTY, not an I2C adapter")
}

@Test func `a node is open once, and free again when the value ends`() throws {
  try withDirectory { directory in
    let path = directory + "/node"
    try write("", to: path)
    do {
      let first = try DeviceFile(opening: path)
      let second = failure(opening: path)
      #expect(second?.kind == .busy)
      #expect(second?.detail.hasPrefix("\(path) is held by ") == true)
      let isThere = first.isStillThere()
      #expect(isThere)
    }
    #expect(failure(opening: path)?.kind == .unsupported)
    // The failed opening must not keep its descriptor, and with it the lock.
    #expect(failure(opening: path)?.kind == .unsupported)
  }
}

@Test func `the kernel's table of locks names this process as the holder`() throws {
  try withDirectory { directory in
    let path = directory + "/node"
    try write("", to: path)
    let file = try DeviceFile(opening: path)
    let identity = FileIdentity(try file.node())
    let table = try #require(SystemText.contents(of: "/proc/locks"))
    // File systems made of layers list locks under the numbers of another layer.
    guard table.contains(":\(identity.inode) ") else { return }
    let holder = LockHolder.current(of: identity)
    #expect(holder?.process == Int(ProcessInfo.processInfo.processIdentifier))
    #expect(failure(opening: path)?.detail.contains("process \(holder?.process ?? 0)") == true)
  }
}

@Test func `a node that was removed or replaced is seen as gone`() throws {
  try withDirectory { directory in
    let path = directory + "/node"
    try write("", to: path)
    let file = try DeviceFile(opening: path)
    var isThere = file.isStillThere()
    #expect(isThere)
    try write("", to: path + ".new")
    #expect(rename(path + ".new", path) == 0)
    isThere = file.isStillThere()
    #expect(!isThere)
    try FileManager.default.removeItem(atPath: path)
    isThere = file.isStillThere()
    #expect(!isThere)
  }
}

@Test func `adapters are listed by number with the names that sysfs gives`() throws {
  try withDirectory { directory in
    let nodes = directory + "/dev"
    let system = directory + "/sys"
    for node in ["i2c-10", "i2c-2", "i2c-1", "i2c-stub", "i2c-", "spidev0.0"] {
      try write("", to: "\(nodes)/\(node)")
    }
    try write("bcm2835 (i2c@7e804000)\n", to: "\(system)/class/i2c-dev/i2c-1/name")
    try write("SMBus stub driver\n", to: "\(system)/class/i2c-dev/i2c-10/name")
    let found = LinuxI2CBus.buses(nodes: nodes, system: system)
    #expect(found.map(\.path) == ["\(nodes)/i2c-1", "\(nodes)/i2c-2", "\(nodes)/i2c-10"])
    #expect(found.map(\.name) == ["bcm2835 (i2c@7e804000)", "", "SMBus stub driver"])
    #expect(LinuxI2CBus.buses(nodes: directory + "/none", system: system).isEmpty)
  }
}

@Test func `all listed adapters have a node`() {
  for adapter in LinuxI2CBus.buses() {
    #expect(FileManager.default.fileExists(atPath: adapter.path))
  }
}

@Test func `time limits are rounded up to ten milliseconds and bounded`() {
  let limits: [(Duration, UInt)] = [
    (.zero, 1), (.milliseconds(-5), 1), (.milliseconds(1), 1), (.milliseconds(10), 1),
    (.milliseconds(10) + .nanoseconds(1), 2), (.milliseconds(500), 50), (.seconds(1), 100),
    (.seconds(60), 6000), (.seconds(3600), 6000),
  ]
  for (limit, steps) in limits { #expect(LinuxI2CBus.tenMilliseconds(limit) == steps) }
}

@Test func `a device's directory in sysfs has four digits of address`() throws {
  let address = try #require(I2CAddress(0x76))
  #expect(LinuxI2CBus.sysfsPath(1, address) == "/sys/bus/i2c/devices/1-0076")
  let lowest = try #require(I2CAddress(0x08))
  #expect(LinuxI2CBus.sysfsPath(22, lowest) == "/sys/bus/i2c/devices/22-0008")
}
