/// The text of a board like `boards/demo.yaml`, but with little time between everything.
struct FastBoard {
  /// The place of a broker on the loopback interface; nil for a board that only records.
  var port: UInt16?
  /// Further lines of the section `record`.
  var record = ""
  /// Pulses a second of the meter.
  var rate = "sine(20, 10, 5 s)"
  /// Further lines of the section `kernels`.
  var kernels: [String] = []
  /// Further sections.
  var more = ""
  /// Whether weather and grid are recordings of real stations, which take a time to read.
  var playsRecordings = false

  var text: String {
    """
    board: { name: fast }
    \(playsRecordings ? recordings : "")
    buses:
      i2c-1: { device: virtual }
      header: { gpiochip: virtual }
    sensors:
      air:
        driver: bme280
        on: i2c-1
        every: 100 ms
        channels: { temperature: { valid: -40..85 }, humidity: { calibrate: { scale: 1.01, offset: 0.5 } } }
        simulate: { \(weather) }
      roof:
        driver: sht3x
        on: i2c-1
        every: 200 ms
        channels: { humidity: { valid: 0..50 } }
        simulate: { temperature: "sine(20, 5, 3 s)", humidity: "sine(50, 30, 2 s)" }
      feeder:
        driver: ina226
        on: i2c-1
        every: 200 ms
        shunt: 0.1 ohm
        channels: { voltage: { calibrate: { scale: 1000 } }, power: { calibrate: { scale: 1000 } } }
        simulate: { voltage: \(playsRecordings ? "grid.v_l1 * 0.001" : "27.1"), current: "sine(0.4, 0.2, 2 s)" }
      mains:
        driver: zero-crossing
        on: header
        line: 27
        nominal: 50 Hz
        every: 200 ms
        simulate: { frequency: "sine(49.5, 0.5, 4 s)" }
      meter:
        driver: pulse-counter
        on: header
        line: 17
        debounce: 5 ms
        per-pulse: 1 Wh
        every: 100 ms
        simulate: { rate: "\(rate)" }
    kernels:
      air-1s: { kind: statistics, of: [air.temperature, air.pressure], window: 1 s, compute: [mean, min, max] }
      under-frequency: { kind: threshold, of: mains.frequency, below: 49.4, release: 49.6 }
    \(kernels.map { "  \($0)" }.joined(separator: "\n"))
    record: { every: 200 ms, checkpoint: 1 s\(record.isEmpty ? "" : ", " + record) }
    \(more)
    \(port.map { "mqtt: { broker: \"mqtt://127.0.0.1:\($0)\" }" } ?? "")
    """
  }

  private var recordings: String {
    """
    simulation:
      recordings:
        weather: { file: \(Cairn.package)/boards/recordings/surfrad-alamosa-2016-01-01.csv, speed: 60 }
        grid: { file: \(Cairn.package)/boards/recordings/iberia-toledo-2025-04-28.csv, speed: 4 }
    """
  }

  private var weather: String {
    playsRecordings
      ? "temperature: weather.temp_c, humidity: weather.rh_pct, pressure: weather.press_mbar * 100"
      : "temperature: \"sine(21, 3, 3 s)\", humidity: 45, pressure: \"sine(90000, 500, 7 s)\""
  }
}
