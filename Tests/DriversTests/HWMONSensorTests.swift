import Buses
import Drivers
import Quantities
import Testing

@Suite struct HWMONSensorTests {
  static func sensor(_ written: KeyValuePairs<String, String>) throws -> HWMONSensor {
    try HWMONSensor(options: options(HWMONSensor.self, written))
  }

  /// The raw bytes of a measurement: status and billionths of the kernel's unit, by channel.
  static func raw(_ values: [String: Int128]) -> [[UInt8]] {
    ["temperature", "humidity", "voltage", "current", "power", "energy"].map { channel in
      values[channel].map { [1] + sixteen($0 * 1_000_000_000) } ?? []
    }
  }

  /// A processor as coretemp shows it (kernel's Documentation/hwmon/coretemp.rst).
  static let coretemp = [
    "name": "coretemp", "temp1_label": "Package id 0", "temp1_input": "47000",
    "temp1_max": "84000", "temp2_label": "Core 0", "temp2_input": "45000",
    "temp11_label": "Core 9", "temp11_input": "-500",
  ]

  @Suite struct decodes {
    // Documentation/ABI/testing/sysfs-class-hwmon: millidegree, milli-percent, millivolt,
    // milliampere, microWatt, microJoule.
    @Test func `each of the kernel's units as the channel's own`() throws {
      let measurement = try HWMONSensorTests.sensor([:]).decode(
        HWMONSensorTests.raw([
          "temperature": -12_345, "humidity": 45_678, "voltage": 12_001, "current": -250,
          "power": 1_234_567, "energy": 9_000_000_000_000_000_001,
        ]))
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "-12.345 Cel", "45.678 %RH", "12.001 V", "-0.25 A", "1.234567 W",
          "9000000000000.000001 J",
        ])
      #expect(measurement.faults.isEmpty)
    }

    @Test func `only the channels that are there`() throws {
      let measurement = try HWMONSensorTests.sensor([:]).decode(
        HWMONSensorTests.raw(["voltage": 5000]))
      #expect(measurement.readings.map(\.channel) == ["voltage"])
      #expect(measurement.faults.isEmpty)
    }

    @Test(
      arguments: [
        (0x10, "the kernel's driver has no such channel or label"),
        (0x11, "the kernel's driver has no data, as for a channel that is switched off"),
        (0x12, "the chip does not answer the kernel's driver"),
        (0x13, "the kernel's device is busy"),
        (0x14, "the kernel's driver waited for the chip in vain"),
        (0x15, "the kernel's driver failed to read the chip"),
        (0x16, "the kernel's driver reports a fault of the sensing part"),
        (0x17, "the kernel's text is no number of at most nine decimals"),
        (0x18, "several channels have the label"),
      ] as [(UInt8, String)])
    func `a status as the cause of a fault`(status: UInt8, cause: String) throws {
      var raw = HWMONSensorTests.raw(["voltage": 5000])
      raw[0] = [status] + sixteen(0)
      let measurement = try HWMONSensorTests.sensor([:]).decode(raw)
      #expect(measurement.cause("temperature") == cause)
      #expect(measurement.text("voltage") == "5 V")
      raw[0][16] = 1
      #expect(throws: DriverFailure.self) { try HWMONSensorTests.sensor([:]).decode(raw) }
    }

    @Test(arguments: [0x00, 0x02, 0x0F, 0x19, 0xFF] as [UInt8])
    func `no other status`(status: UInt8) throws {
      let raw = [[status] + sixteen(0)] + [[UInt8]](repeating: [], count: 5)
      let error = #expect(throws: DriverFailure.self) {
        try HWMONSensorTests.sensor([:]).decode(raw)
      }
      #expect("\(try #require(error))".hasPrefix("malformed data: unknown status 0x"))
    }
  }

  @Suite struct talks {
    @Test func `reads a channel by its stem`() throws {
      var sensor = try HWMONSensorTests.sensor(["temperature": "temp2"])
      var device = KernelDeviceDouble(HWMONSensorTests.coretemp)
      let raw = try sensor.fetch(from: &device)
      #expect(raw == HWMONSensorTests.raw(["temperature": 45_000]))
      #expect(try sensor.decode(raw).text("temperature") == "45 Cel")
      #expect(device.asked == ["temp2_fault", "temp2_input"])
    }

    @Test func `reads a channel by its label, which it looks up once`() throws {
      var sensor = try HWMONSensorTests.sensor(["temperature": "Core 9"])
      var device = KernelDeviceDouble(HWMONSensorTests.coretemp)
      #expect(try sensor.fetch(from: &device) == HWMONSensorTests.raw(["temperature": -500]))
      #expect(device.asked.prefix(3) == ["temp1_label", "temp2_label", "temp11_label"])
      let count = device.asked.count
      _ = try sensor.fetch(from: &device)
      #expect(device.asked.count == count + 2)
    }

    @Test func `a power is the instantaneous one, or else the average`() throws {
      var sensor = try HWMONSensorTests.sensor(["power": "power1", "energy": "energy1"])
      var device = KernelDeviceDouble(["power1_average": "15000000", "energy1_input": "7"])
      #expect(
        try sensor.fetch(from: &device)
          == HWMONSensorTests.raw(["power": 15_000_000, "energy": 7]))
      device.texts["power1_input"] = "16000000"
      #expect(
        try sensor.fetch(from: &device)
          == HWMONSensorTests.raw(["power": 16_000_000, "energy": 7]))
    }

    @Test func `names what can be read, by channel and number`() {
      let sources = HWMONSensor.sources(among: [
        "name", "in0_input", "temp10_input", "temp2_input", "temp2_max", "fan1_input",
        "power1_average", "power1_input", "curr1_average", "humidity1_input", "in_reset_history",
      ])
      #expect(
        sources.map { "\($0.channel) \($0.stem) \($0.labelAttribute)" } == [
          "temperature temp2 temp2_label", "temperature temp10 temp10_label",
          "humidity humidity1 humidity1_label", "voltage in0 in0_label",
          "power power1 power1_label",
        ])
    }
  }

  @Suite struct fails {
    func failure(
      _ written: KeyValuePairs<String, String>, _ device: inout KernelDeviceDouble
    ) throws -> String {
      var sensor = try HWMONSensorTests.sensor(written)
      do throws(DriverFailure) {
        return "read \(try sensor.fetch(from: &device))"
      } catch {
        return error.description
      }
    }

    @Test func `where no channel has the stem or label, naming those that there are`() throws {
      var device = KernelDeviceDouble(HWMONSensorTests.coretemp)
      #expect(
        try failure(["temperature": "Package id 1"], &device)
          == "no such attribute (temperature 'Package id 1'; there is temp1 'Package id 0', "
          + "temp2 'Core 0', temp11 'Core 9')")
      #expect(
        try failure(["voltage": "in0"], &device)
          == "no such attribute (voltage 'in0'; the device has no 'in')")
    }

    @Test func `where two channels have the label`() throws {
      var device = KernelDeviceDouble(HWMONSensorTests.coretemp)
      device.texts["temp11_label"] = "Core 0"
      #expect(
        try failure(["temperature": "Core 0"], &device)
          == "several have the name (label 'Core 0' is that of temp2, temp11)")
    }

    @Test func `where the only channel cannot be read, with the kernel's own words`() throws {
      var device = KernelDeviceDouble(["temp1_input": "1"])
      device.failures["temp1_input"] = KernelDeviceFailure(.noData, detail: "temp1_input: ENODATA")
      #expect(try failure(["temperature": "temp1"], &device) == "no data (temp1_input: ENODATA)")
    }

    @Test func `one channel alone where another can be read`() throws {
      var sensor = try HWMONSensorTests.sensor(["temperature": "temp1", "voltage": "in0"])
      var device = KernelDeviceDouble(["temp1_input": "1", "in0_input": "3300"])
      for (kind, status) in [
        (KernelDeviceFailure.Kind.noData, 0x11), (.noAnswer, 0x12), (.busy, 0x13),
        (.timeout, 0x14), (.other, 0x15),
      ] as [(KernelDeviceFailure.Kind, UInt8)] {
        device.failures["temp1_input"] = KernelDeviceFailure(kind)
        let raw = try sensor.fetch(from: &device)
        #expect(raw[0] == [status] + sixteen(0))
        #expect(try sensor.decode(raw).text("voltage") == "3.3 V")
      }
    }

    @Test func `a channel whose part is at fault, and a text that is no number`() throws {
      var sensor = try HWMONSensorTests.sensor(["temperature": "temp1"])
      var device = KernelDeviceDouble(["temp1_input": "127000", "temp1_fault": "1"])
      #expect(
        try measured(&sensor, &device).cause("temperature")
          == "the kernel's driver reports a fault of the sensing part")
      device.texts["temp1_fault"] = "0"
      #expect(try measured(&sensor, &device).text("temperature") == "127 Cel")
      device.texts["temp1_input"] = "N/A"
      #expect(
        try measured(&sensor, &device).cause("temperature")
          == "the kernel's text is no number of at most nine decimals")
    }

    @Test func `where the device is gone, and looks labels up anew then`() throws {
      var sensor = try HWMONSensorTests.sensor(["temperature": "Core 0", "voltage": "in0"])
      var device = KernelDeviceDouble(HWMONSensorTests.coretemp)
      _ = try sensor.fetch(from: &device)
      device.isGone = true
      #expect(throws: DriverFailure.kernel(KernelDeviceFailure(.deviceGone))) {
        try sensor.fetch(from: &device)
      }
      var next = KernelDeviceDouble([
        "temp7_label": "Core 0", "temp7_input": "46000", "temp2_input": "99000",
      ])
      #expect(try measured(&sensor, &next).text("temperature") == "46 Cel")
    }

    @Test(arguments: [
      (
        "temperature", "temp1_input",
        "'temperature' cannot be 'temp1_input', which is one attribute"
      ),
      ("temperature", "in0", "'temperature' cannot be 'in0', which is of another kind"),
      ("voltage", "/sys/class/hwmon/hwmon0/in0", "'voltage' cannot be a path"),
    ])
    func `what is no stem of the channel and no label`(
      option: String, text: String, message: String
    ) throws {
      let values = try standardOptions(HWMONSensor.self, [option: text])
      let conflict = #expect(throws: OptionConflict.self) { try HWMONSensor(options: values) }
      #expect(conflict?.message == message)
      #expect(conflict?.option == option)
    }
  }
}
