import Buses
import Drivers
import Quantities
import Testing

@Suite struct IIOSensorTests {
  static let channels = [
    "temperature", "humidity", "pressure", "illuminance", "co2", "voltage", "current", "power",
    "energy", "resistance",
  ]

  static func sensor(_ written: KeyValuePairs<String, String>) throws -> IIOSensor {
    try IIOSensor(options: options(IIOSensor.self, written))
  }

  /// What a device says of one channel, through bytes.
  static func text(
    _ channel: String, _ stem: String, _ attributes: [String: String]
  ) throws -> String? {
    var sensor = try IIOSensor(options: standardOptions(IIOSensor.self, [channel: stem]))
    var device = KernelDeviceDouble(attributes)
    let measurement = try measured(&sensor, &device)
    return measurement.text(channel) ?? measurement.cause(channel)
  }

  @Suite struct decodes {
    // Documentation/ABI/testing/sysfs-bus-iio: milli degrees, milli percent, kilopascal, lux,
    // percent, millivolts, milliamps, milliwatts, joules, ohms.
    @Test(arguments: [
      ("temperature", "23.456 Cel"), ("humidity", "23.456 %RH"), ("pressure", "23456000 Pa"),
      ("illuminance", "23456 lx"), ("co2", "234560000 ppm"), ("voltage", "23.456 V"),
      ("current", "23.456 A"), ("power", "23.456 W"), ("energy", "23456 J"),
      ("resistance", "23456 Ohm"),
    ])
    func `each of the kernel's units as the channel's own`(channel: String, text: String) throws {
      let one: Int128 = 1_000_000_000
      let raw = IIOSensorTests.channels.map { name in
        name == channel ? [1] + sixteen(23_450 * one) + sixteen(6 * one) + sixteen(one) : []
      }
      let measurement = try IIOSensorTests.sensor([:]).decode(raw)
      #expect(measurement.readings.map(\.channel) == [channel])
      #expect(measurement.text(channel) == text)
    }

    @Test func `the product of value and scale, rounded to billionths away from zero`() throws {
      for (value, expected) in [(1, "0.000000001 V"), (-1, "-0.000000001 V")] as [(Int128, String)]
      {
        // 1 x 0.0000005 mV is half a billionth of a volt.
        var raw = [[UInt8]](repeating: [], count: 10)
        raw[5] = [1] + sixteen(value * 1_000_000_000) + sixteen(0) + sixteen(500)
        #expect(try IIOSensorTests.sensor([:]).decode(raw).text("voltage") == expected)
      }
    }

    @Test func `a product that is too large as a fault`() throws {
      for (value, offset, scale) in [
        (Int128.max, 1, 1), (.max, 0, 2), (.max, 0, 1),
      ] as [(Int128, Int128, Int128)] {
        var raw = [[UInt8]](repeating: [], count: 10)
        raw[2] = [1] + sixteen(value) + sixteen(offset) + sixteen(scale)
        #expect(
          try IIOSensorTests.sensor([:]).decode(raw).cause("pressure")
            == "the kernel's value is too large to be kept")
      }
    }
  }

  @Suite struct talks {
    // drivers/iio/pressure/bmp280-core.c: values that the driver has finished.
    @Test func `reads finished values`() throws {
      var sensor = try IIOSensorTests.sensor([
        "temperature": "temp", "humidity": "humidityrelative", "pressure": "pressure",
      ])
      var device = KernelDeviceDouble([
        "name": "bme280", "in_temp_input": "21470", "in_humidityrelative_input": "48123",
        "in_pressure_input": "98.765432100", "in_temp_oversampling_ratio": "2",
      ])
      #expect(
        try measured(&sensor, &device).readings.map(\.quantity.description)
          == ["21.47 Cel", "48.123 %RH", "98765.4321 Pa"])
    }

    // drivers/iio/chemical/scd4x.c: T = -45 + 175 x raw / 65536 in millidegrees, co2 with the scale
    // 0.0001 % that is one part per million.
    @Test func `adds an offset to a raw number, and then scales it`() throws {
      #expect(
        try IIOSensorTests.text(
          "temperature", "temp",
          [
            "in_temp_raw": "25600", "in_temp_offset": "-16852", "in_temp_scale": "2.670288085",
          ]) == "23.359680168 Cel")
      #expect(
        try IIOSensorTests.text(
          "co2", "concentration_co2",
          ["in_concentration_co2_raw": "417", "in_concentration_co2_scale": "0.000100000"])
          == "417 ppm")
    }

    // drivers/iio/industrialio-core.c, __iio_device_attr_init.
    @Test(arguments: [
      ("voltage3", "in_voltage_scale"), ("voltage3", "in_scale"), ("voltage3", "scale"),
      ("voltage0-voltage1", "in_voltage-voltage_scale"), ("voltage2_supply", "in_voltage_scale"),
    ])
    func `takes a scale that channels share`(stem: String, name: String) throws {
      #expect(
        try IIOSensorTests.text("voltage", stem, ["in_\(stem)_raw": "1000", name: "0.5"])
          == "0.5 V")
    }

    @Test func `takes a scale of its own before a shared one, and no scale for one`() throws {
      let shared = ["in_voltage0_raw": "1000", "in_voltage_scale": "4", "in_voltage0_scale": "2"]
      #expect(try IIOSensorTests.text("voltage", "voltage0", shared) == "2 V")
      #expect(try IIOSensorTests.text("voltage", "voltage0", ["in_voltage0_raw": "7"]) == "0.007 V")
    }

    @Test func `reads a channel by its label`() throws {
      #expect(
        try IIOSensorTests.text(
          "voltage", "battery",
          [
            "in_voltage4_label": "battery", "in_voltage4_raw": "12600",
            "in_voltage5_label": "solar", "in_voltage5_raw": "18000",
          ]) == "12.6 V")
    }

    @Test func `names what can be read, and no power of another unit`() {
      let sources = IIOSensor.sources(among: [
        "in_voltage10_raw", "in_voltage2_raw", "in_voltage_scale", "in_temp_input", "in_temp_raw",
        "in_temp_ambient_raw", "in_accel_x_raw", "in_concentration_co2_raw",
        "in_concentration_voc_input", "in_power0_active_raw", "in_power0_reactive_raw",
        "in_voltage0-voltage1_raw", "out_voltage0_raw", "sampling_frequency", "in_raw",
      ])
      #expect(
        sources.map { "\($0.channel) \($0.stem)" } == [
          "temperature temp", "temperature temp_ambient", "co2 concentration_co2",
          "voltage voltage2", "voltage voltage10", "voltage voltage0-voltage1",
          "power power0_active",
        ])
      #expect(sources.first?.labelAttribute == "in_temp_label")
    }
  }

  @Suite struct fails {
    @Test(arguments: [
      ("in_temp_raw", "1 2"), ("in_temp_scale", "0.000000000001"), ("in_temp_offset", ""),
    ])
    func `a text that is no number of at most nine decimals`(name: String, text: String) throws {
      var attributes = ["in_temp_raw": "1", "in_temp_scale": "2", "in_temp_offset": "3"]
      attributes[name] = text
      #expect(
        try IIOSensorTests.text("temperature", "temp", attributes)
          == "the kernel's text is no number of at most nine decimals")
    }

    @Test func `while somebody fills a buffer from the device`() throws {
      var sensor = try IIOSensorTests.sensor(["voltage": "voltage0"])
      var device = KernelDeviceDouble(["in_voltage0_raw": "1"])
      device.failures["in_voltage0_raw"] = KernelDeviceFailure(.busy, detail: "EBUSY")
      #expect(throws: DriverFailure.kernel(KernelDeviceFailure(.busy, detail: "EBUSY"))) {
        try sensor.fetch(from: &device)
      }
    }

    @Test func `no channel whose label the driver refuses to tell`() throws {
      var sensor = try IIOSensorTests.sensor(["voltage": "solar"])
      var device = KernelDeviceDouble([
        "in_voltage4_label": "", "in_voltage4_raw": "1", "in_voltage5_label": "solar",
        "in_voltage5_raw": "18000",
      ])
      device.failures["in_voltage4_label"] = KernelDeviceFailure(.other, detail: "EINVAL")
      #expect(try measured(&sensor, &device).text("voltage") == "18 V")
    }

    @Test func `where the attribute went away after it was found`() throws {
      var sensor = try IIOSensorTests.sensor(["voltage": "voltage0"])
      var device = KernelDeviceDouble(["in_voltage0_raw": "1"])
      _ = try sensor.fetch(from: &device)
      device.texts = ["in_voltage0_scale": "1"]
      #expect(
        throws: DriverFailure.kernel(
          KernelDeviceFailure(.noSuchAttribute, detail: "in_voltage0_raw"))
      ) {
        try sensor.fetch(from: &device)
      }
    }

    @Test(arguments: [
      ("temperature", "in_temp_raw", "write 'temp'"),
      ("co2", "in_concentration_co2_input", "write 'concentration_co2'"),
      ("voltage", "temp_ambient", "write 'temperature: temp_ambient', or for example 'voltage0'"),
      ("pressure", "a/b", "write the stem of the attribute's name, for example 'pressure'"),
    ])
    func `what is no stem of the channel and no label`(
      option: String, text: String, remedy: String
    ) throws {
      let values = try standardOptions(IIOSensor.self, [option: text])
      let conflict = #expect(throws: OptionConflict.self) { try IIOSensor(options: values) }
      #expect(conflict?.remedy == remedy)
    }
  }
}
