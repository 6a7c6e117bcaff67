import Buses
import Foundation
import LinuxI2C
import Testing

/// Tests that need a kernel with an I2C bus; a machine without one reports them as skipped.
///
/// `CAIRN_I2C_STUB` is the node of the kernel's i2c-stub, loaded with `chip_addr=0x1d`;
/// `CAIRN_I2C_PLAIN` that of an adapter with plain I2C and a BME280, or a model of one, at 0x76.
private let stub = ProcessInfo.processInfo.environment["CAIRN_I2C_STUB"] ?? ""
private let plain = ProcessInfo.processInfo.environment["CAIRN_I2C_PLAIN"] ?? ""

private func failure(_ body: () throws(I2CFailure) -> Void) -> I2CFailure? {
  do throws(I2CFailure) {
    try body()
    return nil
  } catch {
    return error
  }
}

@Suite(
  .serialized, .enabled(if: !stub.isEmpty, "no i2c-stub: CAIRN_I2C_STUB does not name its node"))
struct `On the kernel's i2c-stub` {
  let chip: I2CAddress
  let nobody: I2CAddress

  init() throws {
    chip = try #require(I2CAddress(0x1D))
    nobody = try #require(I2CAddress(0x1E))
  }

  @Test func `every shape that SMBus has reads back what it wrote`() throws {
    var bus = try LinuxI2CBus(opening: stub)
    try bus.write([0x10, 0xA5], to: chip)
    #expect(try bus.read(1, after: [0x10], from: chip) == [0xA5])
    try bus.write([0x11, 0x34, 0x12], to: chip)
    #expect(try bus.read(2, after: [0x11], from: chip) == [0x34, 0x12])
    let bytes = (1...32).map { UInt8($0 * 7) }
    try bus.write([0x40] + bytes, to: chip)
    #expect(try bus.read(32, after: [0x40], from: chip) == bytes)
    #expect(try bus.read(3, after: [0x41], from: chip) == Array(bytes[1...3]))
    try bus.write([0x42], to: chip)
    #expect(try bus.read(1, from: chip) == [bytes[2]])
    try bus.write([], to: chip)
  }

  @Test func `a shape that SMBus lacks is refused`() throws {
    var bus = try LinuxI2CBus(opening: stub)
    do throws(I2CFailure) {
      _ = try bus.read(6, after: [0x24, 0x00], from: chip)
      Issue.record("the bus made an exchange that SMBus does not have")
    } catch {
      #expect(error.kind == .unsupported)
    }
  }

  @Test func `a chip answers and an empty address is silent`() throws {
    var bus = try LinuxI2CBus(opening: stub)
    let present = try bus.probe(chip)
    let absent = try bus.probe(nobody)
    #expect(present == .answers)
    #expect(absent == .silent)
    do throws(I2CFailure) {
      try bus.write([0x00], to: nobody)
      Issue.record("an empty address took a byte")
    } catch {
      #expect(error.kind == .noAcknowledgeOfAddress)
    }
  }

  @Test func `a second opening names this process`() throws {
    let bus = try LinuxI2CBus(opening: stub)
    let busy = failure { () throws(I2CFailure) in _ = try LinuxI2CBus(opening: stub) }
    #expect(busy?.kind == .busy)
    #expect(busy?.detail.contains("process \(ProcessInfo.processInfo.processIdentifier) ") == true)
    _ = consume bus
  }

  @Test func `the adapter is listed by name`() {
    let adapter = LinuxI2CBus.buses().first { $0.path == stub }
    #expect(adapter?.name == "SMBus stub driver")
  }

  @Test func `an address that a kernel driver owns is left alone`() throws {
    let number = try #require(stub.split(separator: "-").last)
    let adapter = "/sys/bus/i2c/devices/i2c-\(number)"
    try Data("dummy 0x1e".utf8).write(to: URL(fileURLWithPath: adapter + "/new_device"))
    defer { try? Data("0x1e".utf8).write(to: URL(fileURLWithPath: adapter + "/delete_device")) }
    var bus = try LinuxI2CBus(opening: stub)
    let presence = try bus.probe(nobody)
    #expect(presence == .ownedByKernel("dummy"))
    do throws(I2CFailure) {
      try bus.write([0x00], to: nobody)
      Issue.record("a device of the kernel was written to")
    } catch {
      #expect(error.kind == .busy)
      #expect(error.detail.hasPrefix("a kernel driver owns 0x1e, dummy; "))
    }
  }
}

@Suite(
  .serialized,
  .enabled(if: !plain.isEmpty, "no plain I2C adapter: CAIRN_I2C_PLAIN does not name its node"))
struct `On an adapter with plain I2C` {
  @Test func `a register is read after a repeated start`() throws {
    let chip = try #require(I2CAddress(0x76))
    var bus = try LinuxI2CBus(opening: plain)
    // The identity of a BME280 (data sheet BST-BME280-DS001 section 5.4.1).
    #expect(try bus.read(1, after: [0xD0], from: chip) == [0x60])
    let presence = try bus.probe(chip)
    #expect(presence == .answers)
    try bus.write([], to: chip)
    // More than SMBus could move.
    #expect(try bus.read(40, after: [0xD0], from: chip).first == 0x60)
  }

  @Test func `an empty address does not acknowledge`() throws {
    let nobody = try #require(I2CAddress(0x1E))
    var bus = try LinuxI2CBus(opening: plain)
    let presence = try bus.probe(nobody)
    #expect(presence == .silent)
    do throws(I2CFailure) {
      _ = try bus.read(1, after: [0xD0], from: nobody)
      Issue.record("an empty address answered")
    } catch {
      #expect([.noAcknowledge, .noAcknowledgeOfAddress].contains(error.kind))
    }
  }
}
