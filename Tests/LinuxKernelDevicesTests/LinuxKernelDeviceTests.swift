import Buses
import Foundation
import Testing

@testable import LinuxKernelDevices

@Suite struct LinuxKernelDeviceTests {
  let system: FakeSystem

  init() throws {
    system = try FakeSystem()
    try system.addHWMON(
      10, below: "coretemp.0", ["name": "coretemp\n", "temp1_input": "47000\n"])
    try system.addHWMON(2, below: "1-0048", ["name": "lm75\n", "temp1_input": "21500\n"])
    try system.addHWMON(3, below: "1-0049", ["name": "lm75\n", "temp1_input": "-500\n"])
    try system.addIIO(0, below: "1-0076", ["name": "bme280\n", "in_temp_input": "21470\n"])
  }

  func failure(_ name: KernelDeviceName) -> String {
    do throws(KernelDeviceFailure) {
      _ = try LinuxKernelDevice(opening: name, below: system.root)
      return "opened"
    } catch {
      return error.description
    }
  }

  @Test func `devices are listed by number, with the device above them`() {
    #expect(
      LinuxKernelDevice.devices(of: .hwmon, below: system.root).map(\.name.description) == [
        "hwmon device 'lm75@1-0048'", "hwmon device 'lm75@1-0049'",
        "hwmon device 'coretemp@coretemp.0'",
      ])
    #expect(
      LinuxKernelDevice.devices(of: .iio, below: system.root).map(\.name.text)
        == ["bme280@1-0076"])
    #expect(LinuxKernelDevice.devices(of: .iio, below: system.root + "/none").isEmpty)
  }

  @Test func `a device is found by its name and gives its attributes`() throws {
    let device = try LinuxKernelDevice(
      opening: KernelDeviceName(.iio, name: "bme280"), below: system.root)
    #expect(try device.attributes().sorted() == ["in_temp_input", "name"])
    #expect(try device.attribute("in_temp_input") == "21470")
    #expect(try device.attribute("name") == "bme280")
  }

  @Test func `one of several with a name is found by the device above it`() throws {
    for (parent, text) in [("1-0048", "21500"), ("1-0049", "-500")] {
      let device = try LinuxKernelDevice(
        opening: KernelDeviceName(.hwmon, name: "lm75", parent: parent), below: system.root)
      #expect(try device.attribute("temp1_input") == text)
    }
    #expect(
      failure(KernelDeviceName(.hwmon, name: "lm75"))
        == "several have the name (write 'lm75@1-0048' or 'lm75@1-0049')")
  }

  @Test func `attributes of an old driver are those of the device above`() throws {
    try system.addOldHWMON(7, below: "it87.656", ["name": "it8728\n", "in0_input": "1200\n"])
    let device = try LinuxKernelDevice(
      opening: KernelDeviceName(.hwmon, name: "it8728", parent: "it87.656"), below: system.root)
    #expect(try device.attribute("in0_input") == "1200")
  }

  @Test func `a name that nothing has is told with those that there are`() {
    #expect(
      failure(KernelDeviceName(.hwmon, name: "k10temp"))
        == "no such device (there is lm75@1-0048, lm75@1-0049, coretemp@coretemp.0)")
    #expect(
      failure(KernelDeviceName(.iio, name: "bme280", parent: "2-0076"))
        == "no such device (there is bme280@1-0076)")
    let nothing = #expect(throws: KernelDeviceFailure.self) {
      _ = try LinuxKernelDevice(
        opening: KernelDeviceName(.iio, name: "bme280"), below: system.root + "/none")
    }
    #expect(
      nothing?.description
        == "no such device (there is no iio device; is the chip's kernel driver loaded?)")
  }

  @Test func `an attribute that is not there is told from a device that is not`() throws {
    let device = try LinuxKernelDevice(
      opening: KernelDeviceName(.iio, name: "bme280"), below: system.root)
    for name in ["in_pressure_input", "../1-0076/iio:device0/name", "name\0"] {
      #expect(throws: KernelDeviceFailure(.noSuchAttribute, detail: name)) {
        try device.attribute(name)
      }
    }
    // Another one gets the number and the path, and still is not the one that was opened.
    try system.remove("bus/iio/devices/iio:device0")
    try system.addIIO(0, below: "1-0076", ["name": "bme280\n", "in_temp_input": "1\n"])
    #expect(throws: KernelDeviceFailure(.deviceGone)) { try device.attribute("in_temp_input") }
    #expect(throws: KernelDeviceFailure(.deviceGone)) { try device.attributes() }
    let next = try LinuxKernelDevice(
      opening: KernelDeviceName(.iio, name: "bme280"), below: system.root)
    #expect(try next.attribute("in_temp_input") == "1")
  }

  @Test func `an attribute that cannot be read is told with the system's word`() throws {
    try system.addIIO(1, below: "adc", ["name": "adc\n"])
    // A directory opens and does not read: EISDIR.
    try FileManager.default.createDirectory(
      atPath: "\(system.root)/devices/adc/iio:device1/in_voltage0_raw",
      withIntermediateDirectories: false)
    let device = try LinuxKernelDevice(
      opening: KernelDeviceName(.iio, name: "adc"), below: system.root)
    #expect(
      throws: KernelDeviceFailure(.other, detail: "in_voltage0_raw: errno \(EISDIR)")
    ) {
      try device.attribute("in_voltage0_raw")
    }
  }

  @Test(
    arguments: [
      (ENODEV, .deviceGone, "x: ENODEV"), (ENODATA, .noData, "x: ENODATA"),
      (EAGAIN, .noData, "x: EAGAIN"), (EBUSY, .busy, "x: EBUSY"),
      (ETIMEDOUT, .timeout, "x: ETIMEDOUT"), (ENXIO, .noAnswer, "x: ENXIO"),
      (EREMOTEIO, .noAnswer, "x: EREMOTEIO"), (EIO, .other, "x: EIO, input or output error"),
      (EACCES, .other, "x: permission denied"), (12345, .other, "x: errno 12345"),
    ] as [(Int32, KernelDeviceFailure.Kind, String)])
  func `an errno has its meaning`(
    code: Int32, kind: KernelDeviceFailure.Kind, detail: String
  ) {
    let failure = KernelDeviceFailure(errno: code, reading: "x")
    #expect(failure == KernelDeviceFailure(kind, detail: detail))
  }
}

@Suite struct KernelDeviceNameTests {
  @Test(
    arguments: [
      ("coretemp", "coretemp", nil), ("bme280@1-0076", "bme280", "1-0076"),
      ("a b", "a b", nil), ("x@y@z", "x", "y@z"),
    ] as [(String, String, String?)])
  func `a text is a name, or a name and the device above`(
    text: String, name: String, parent: String?
  ) throws {
    let parsed = try #require(KernelDeviceName(.iio, parsing: text))
    #expect(parsed == KernelDeviceName(.iio, name: name, parent: parent))
    #expect(parsed.text == text)
    #expect(parsed.description == "iio device '\(text)'")
  }

  @Test(arguments: ["", "@", "x@", "@y", "a/b", "x@../y", "a\nb", "a\0"])
  func `a text with an empty part or a path is none`(text: String) {
    #expect(KernelDeviceName(.hwmon, parsing: text) == nil)
  }
}
