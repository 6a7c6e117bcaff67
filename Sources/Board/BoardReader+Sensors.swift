import Buses
import Configuration
import Drivers

extension BoardReader {
  /// Where something is connected, so that nothing else may be.
  private struct Place: Hashable {
    let bus: String
    let number: Int
  }

  mutating func readSensors(
    _ root: OptionValues, recordings: [RecordingDeclaration]
  ) -> [SensorDeclaration] {
    var sensors: [SensorDeclaration] = []
    var taken: [Place: (String, Position)] = [:]
    for row in root.sections("sensors") {
      guard let driver = DriverCatalogue.driver(named: row.values.variant ?? "") else { continue }
      let specification = driver.specification
      channelsBySensor[row.name] = specification.channels.map {
        ChannelReference(sensor: row.name, channel: $0.name, unit: $0.unit)
      }
      let bus = checkBus(of: row.name, row.values, specification)
      guard let part = part(row.values, driver, specification, sensor: row.name) else { continue }
      if let bus, let place = place(part, bus: bus.name) {
        let key = specification.attachment == .line ? "line" : "address"
        if let other = taken[place] {
          let what = key == "line" ? "line \(place.number)" : hexadecimal(place.number)
          report(
            row.values.position(of: key),
            "\(key == "line" ? what : "address \(what)") on '\(bus.name)' is used by '\(other.0)' in line \(other.1.line)",
            remedy: "give one of them another \(key)")
        } else {
          taken[place] = (row.name, row.position)
        }
      }
      let interval = row.values.duration("every")
      intervals[row.name] = interval
      if let interval, interval < part.driver.conversionTime {
        report(
          row.values.position(of: "every"),
          "'every' is shorter than the \(milliseconds(part.driver.conversionTime)) that a measurement takes",
          remedy: "write a longer time, or options that measure faster")
      }
      let channels = readChannels(row.values, specification)
      let stimuli = readStimuli(
        row.values, specification, sensor: row.name, position: row.position, bus: bus,
        recordings: recordings)
      guard let bus, let interval else { continue }
      sensors.append(
        SensorDeclaration(
          name: row.name, bus: bus.name, part: part, interval: interval, channels: channels,
          stimuli: stimuli, options: row.values))
    }
    if sensors.isEmpty, root["sensors"] != nil, root.rows("sensors").isEmpty {
      report(
        root.position(of: "sensors"), "'sensors' names no sensor",
        remedy: "write for example 'air: { driver: bme280, on: i2c-1, every: 10 s }'")
    }
    return sensors
  }

  private mutating func checkBus(
    of sensor: String, _ values: OptionValues, _ specification: DriverSpecification
  ) -> BusDeclaration? {
    guard let name = values.text("on") else { return nil }
    guard let bus = busKinds[name] else {
      report(
        values.position(of: "on"), "unknown bus '\(name)'",
        remedy: suggestion(for: name, among: Array(busKinds.keys)))
      return nil
    }
    let wantsI2C = specification.attachment != .line
    guard bus.device.isI2C == wantsI2C else {
      report(
        values.position(of: "on"),
        "driver '\(specification.name)' does not fit on '\(name)'",
        remedy: wantsI2C
          ? "name a bus with 'device: /dev/i2c-N'" : "name a bus with 'gpiochip: '")
      return nil
    }
    return bus
  }

  private mutating func part(
    _ values: OptionValues, _ driver: any SensorDriver.Type, _ specification: DriverSpecification,
    sensor: String
  ) -> SensorDeclaration.Part? {
    do {
      switch specification.attachment {
      case .i2c(let addresses):
        for key in ["line", "bias", "active-low"] where values[key] != nil {
          report(
            values.position(of: key), "'\(key)' means nothing to driver '\(specification.name)'",
            remedy: "remove it; the chip is on an I2C bus")
        }
        guard let type = driver as? any I2CSensor.Type,
          let address = address(values, addresses, specification)
        else { return nil }
        return .i2c(try type.init(options: values, address: address), address)
      case .line:
        if values["address"] != nil {
          report(
            values.position(of: "address"),
            "'address' means nothing to driver '\(specification.name)'",
            remedy: "remove it; the part is on a line")
        }
        guard let line = values.integer("line") else {
          if values["line"] == nil {
            report(
              values.position, "sensor '\(sensor)' lacks 'line'",
              remedy: "write 'line: ' and the line's number on its chip")
          }
          return nil
        }
        guard let type = driver as? any LineSensor.Type else { return nil }
        let settings = LineSettings(
          offset: line, bias: values.text("bias").flatMap(LineBias.init) ?? .asIs,
          isActiveLow: values.flag("active-low") ?? false)
        return .line(try type.init(options: values), settings)
      }
    } catch {
      report(values.position(of: error.option), error.message, remedy: error.remedy)
      return nil
    }
  }

  private mutating func address(
    _ values: OptionValues, _ addresses: [I2CAddress], _ specification: DriverSpecification
  ) -> I2CAddress? {
    guard let number = values.integer("address") else {
      return values["address"] == nil ? addresses.first : nil
    }
    guard let address = I2CAddress(number), addresses.contains(address) else {
      report(
        values.position(of: "address"),
        "driver '\(specification.name)' has no address \(hexadecimal(number))",
        remedy: "write one of " + addresses.map(\.description).joined(separator: ", "))
      return nil
    }
    return address
  }

  private func place(_ part: SensorDeclaration.Part, bus: String) -> Place? {
    switch part {
    case .i2c(_, let address): Place(bus: bus, number: Int(address.rawValue))
    case .line(_, let settings): Place(bus: bus, number: settings.offset)
    }
  }

  private mutating func readChannels(
    _ values: OptionValues, _ specification: DriverSpecification
  ) -> [String: ChannelSettings] {
    var channels: [String: ChannelSettings] = [:]
    for row in values.sections("channels") {
      guard checkChannel(row.name, row.position, specification) else { continue }
      let calibrate = row.values.section("calibrate")
      channels[row.name] = ChannelSettings(
        scale: calibrate?.number("scale") ?? 1_000_000_000,
        offset: calibrate?.number("offset") ?? 0, valid: row.values.interval("valid"))
    }
    return channels
  }

  private mutating func checkChannel(
    _ name: String, _ position: Position, _ specification: DriverSpecification
  ) -> Bool {
    let names = specification.channels.map(\.name)
    guard !names.contains(name) else { return true }
    report(
      position, "driver '\(specification.name)' has no channel '\(name)'",
      remedy: suggestion(for: name, among: names))
    return false
  }

  private mutating func readStimuli(
    _ values: OptionValues, _ specification: DriverSpecification, sensor: String,
    position: Position, bus: BusDeclaration?, recordings: [RecordingDeclaration]
  ) -> [String: StimulusText] {
    var stimuli: [String: StimulusText] = [:]
    for row in values.rows("simulate") {
      guard case .text(let text) = row.value.value else { continue }
      guard specification.stimuli.contains(row.name) else {
        report(
          row.position, "a model of '\(specification.name)' is not driven by '\(row.name)'",
          remedy: suggestion(for: row.name, among: specification.stimuli))
        continue
      }
      stimuli[row.name] = StimulusText(text: text, position: row.value.position)
    }
    guard let bus else { return stimuli }
    if bus.device.isVirtual {
      let missing = specification.stimuli.filter { name in
        !values.rows("simulate").contains { $0.name == name }
      }
      if !missing.isEmpty {
        report(
          position, "virtual sensor '\(sensor)' lacks what drives \(missing.joined(separator: ", "))",
          remedy: "write 'simulate: { \(missing.map { "\($0): 1" }.joined(separator: ", ")) }'")
      }
    } else if values["simulate"] != nil {
      report(
        values.position(of: "simulate"), "'simulate' stands at a sensor on a real bus",
        remedy: "remove it, or put the sensor on a bus with 'device: virtual'")
    }
    return stimuli
  }

  private func hexadecimal(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }

  private func milliseconds(_ duration: Duration) -> String {
    let parts = duration.components
    let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    let whole = microseconds / 1000
    let rest = microseconds % 1000
    return rest == 0 ? "\(whole) ms" : "\(Double(microseconds) / 1000) ms"
  }
}

extension SensorDeclaration.Part {
  var driver: any SensorDriver {
    switch self {
    case .i2c(let driver, _): driver
    case .line(let driver, _): driver
    }
  }
}
