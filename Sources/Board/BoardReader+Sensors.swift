import Buses
import Configuration
import Drivers

extension BoardReader {
  /// Where something is connected, so that nothing else may be.
  private struct Place: Hashable {
    let bus: String
    let number: Int
  }

  mutating func readSensors(_ root: OptionValues) -> [SensorDeclaration] {
    sensorNames = root.rows("sensors").map(\.name)
    var sensors: [SensorDeclaration] = []
    var taken: [Place: (String, Position)] = [:]
    var lines: [String: [Int: String]] = [:]
    for row in root.sections("sensors") {
      guard let driver = DriverCatalogue.driver(named: row.values.variant ?? "") else { continue }
      let specification = driver.specification
      for channel in specification.channels {
        missingChannels["\(row.name).\(channel.name)"] = MissingChannel(
          channel, of: row.name, row.values)
      }
      let channels = readChannels(row.values, specification, sensor: row.name)
      channelsBySensor[row.name] = specification.channels.compactMap { channel in
        guard missingChannels["\(row.name).\(channel.name)"] == nil else { return nil }
        return ChannelReference(
          sensor: row.name, channel: channel.name,
          unit: channels[channel.name]?.unit ?? channel.unit)
      }
      let bus = checkBus(row.values, specification)
      let key = specification.attachment == .line ? "line" : "address"
      if let bus, let number = row.values.integer(key) {
        let place = Place(bus: bus.name, number: number)
        if let other = taken[place] {
          let what = key == "line" ? "line \(number)" : "address \(hexadecimal(number))"
          report(
            row.values.position(of: key),
            "\(what) on '\(bus.name)' is used by '\(other.0)' in line \(other.1.line)",
            remedy: "give one of them another \(key)")
        } else {
          taken[place] = (row.name, row.position)
        }
      }
      if let bus, let line = row.values.integer("line") {
        lines[bus.name, default: [:]][line] = row.name
      }
      let power = readPower(row.values, sensor: row.name, on: bus)
      if case .kernel = specification.attachment {
        checkKernelSensor(row.values, specification, sensor: row.name, position: row.position)
      }
      let part = part(row.values, driver)
      let interval = row.values.duration("every")
      intervals[row.name] = interval
      if let interval, let part, interval < part.driver.conversionTime {
        report(
          row.values.position(of: "every"),
          "'every' is shorter than the \(part.driver.conversionTime.words) that a measurement takes",
          remedy: "write a longer time, or options that measure faster")
      }
      let stimuli = readStimuli(
        row.values, specification, sensor: row.name, position: row.position, bus: bus)
      let playback = readPlayback(row.values, specification, sensor: row.name, bus: bus)
      guard let interval, let part, bus != nil || part.isKernel else { continue }
      sensors.append(
        SensorDeclaration(
          name: row.name, bus: bus?.name, part: part, interval: interval, channels: channels,
          stimuli: stimuli, playback: playback, power: power, options: row.values))
    }
    checkPowers(lines: lines)
    return sensors
  }

  private mutating func checkBus(
    _ values: OptionValues, _ specification: DriverSpecification
  ) -> BusDeclaration? {
    if case .kernel = specification.attachment { return nil }
    guard let name = values.text("on"), !busNames.isEmpty else { return nil }
    guard let bus = busKinds[name] else {
      if !busNames.contains(name) {
        report(
          values.position(of: "on"), "unknown bus '\(name)'",
          remedy: suggestion(for: name, among: busNames))
      }
      return nil
    }
    let wantsI2C = specification.attachment != .line
    guard bus.device.isI2C == wantsI2C else {
      let fitting = busNames.filter { (busKinds[$0]?.device.isI2C ?? wantsI2C) == wantsI2C }
      report(
        values.position(of: "on"),
        "driver '\(specification.name)' needs \(wantsI2C ? "an I2C bus" : "a line"), but"
          + " '\(name)' is \(wantsI2C ? "a chip of lines" : "an I2C bus")",
        remedy: fitting.isEmpty
          ? "add a bus with '\(wantsI2C ? "device: /dev/i2c-1" : "gpiochip: gpiochip0")'"
          : "write " + fitting.map { "'on: \($0)'" }.joined(separator: " or "))
      return nil
    }
    return bus
  }

  private mutating func part(
    _ values: OptionValues, _ driver: any SensorDriver.Type
  ) -> SensorDeclaration.Part? {
    do {
      if let chip = driver as? any I2CSensor.Type {
        // A wrong address is no reason to leave the other options unchecked.
        guard case .i2c(let addresses) = driver.specification.attachment,
          let address = values.integer("address").flatMap(I2CAddress.init) ?? addresses.first
        else { return nil }
        return .i2c(try chip.init(options: values, address: address), address)
      }
      if let reader = driver as? any KernelSensor.Type,
        case .kernel(let subsystem) = driver.specification.attachment
      {
        let sensor = try reader.init(options: values)
        return kernelDevice(values, subsystem).map { .kernel(sensor, $0) }
      }
      guard let line = driver as? any LineSensor.Type else { return nil }
      let settings = LineSettings(
        offset: values.integer("line") ?? 0,
        bias: values.text("bias").flatMap(LineBias.init) ?? .asIs,
        isActiveLow: values.flag("active-low") ?? false)
      return .line(try line.init(options: values), settings)
    } catch {
      report(error, in: values)
      return nil
    }
  }

  private mutating func readStimuli(
    _ values: OptionValues, _ specification: DriverSpecification, sensor: String,
    position: Position, bus: BusDeclaration?
  ) -> [String: StimulusText] {
    var stimuli: [String: StimulusText] = [:]
    var named: Set<String> = []
    for row in values.rows("simulate") {
      guard specification.stimuli.contains(row.name) else {
        report(
          row.position, "a model of '\(specification.name)' is not driven by '\(row.name)'",
          remedy: suggestion(for: row.name, among: specification.stimuli))
        if let meant = nearestWord(to: row.name, among: specification.stimuli) {
          named.insert(meant)
        }
        continue
      }
      named.insert(row.name)
      guard let value = row.value, case .text(let text) = value.value else { continue }
      stimuli[row.name] = StimulusText(
        sensor: sensor, channel: row.name, text: text, position: value.position)
    }
    guard let bus else { return stimuli }
    if bus.device.isVirtual, values.isWritten("playback") {
      if values.isWritten("simulate") {
        report(
          values.keyPosition(of: "simulate"), "'simulate' stands beside 'playback'",
          remedy: "remove one of them")
      }
    } else if bus.device.isVirtual, specification.stimuli.isEmpty {
      report(
        position, "there is no model of a '\(specification.name)' for virtual sensor '\(sensor)'",
        remedy: "write 'playback: FILE' with a recording that 'cairn record' made")
    } else if bus.device.isVirtual {
      let missing = specification.stimuli.filter { !named.contains($0) }
      if !missing.isEmpty, values["simulate"] != nil || !values.isWritten("simulate") {
        report(
          values.isWritten("simulate") ? values.keyPosition(of: "simulate") : position,
          "virtual sensor '\(sensor)' lacks what drives \(missing.joined(separator: ", "))",
          remedy: "write 'simulate: { \(missing.map { "\($0): 1" }.joined(separator: ", ")) }'")
      }
      self.stimuli += stimuli.values.sorted { $0.position < $1.position }
    } else if values.isWritten("simulate") {
      report(
        values.keyPosition(of: "simulate"), "'simulate' stands at a sensor on a real bus",
        remedy: "remove it, or put the sensor on a bus with 'device: virtual'")
    }
    return stimuli
  }

  /// The bus recording that plays a part.
  private mutating func readPlayback(
    _ values: OptionValues, _ specification: DriverSpecification, sensor: String,
    bus: BusDeclaration?
  ) -> PlaybackText? {
    guard let file = values.text("playback"), let bus else { return nil }
    guard bus.device == .virtualI2C else {
      report(
        values.keyPosition(of: "playback"),
        "'playback' stands at a sensor that is on no virtual I2C bus",
        remedy: "remove it, or put the sensor on a bus with 'device: virtual'")
      return nil
    }
    let playback = PlaybackText(
      sensor: sensor, driver: specification.name, file: file,
      position: values.position(of: "playback"))
    playbacks.append(playback)
    return playback
  }

  private func hexadecimal(_ number: Int) -> String {
    I2CAddress(number)?.description ?? String(number)
  }
}

extension SensorDeclaration.Part {
  var driver: any SensorDriver {
    switch self {
    case .i2c(let driver, _): driver
    case .line(let driver, _): driver
    case .kernel(let driver, _): driver
    }
  }

  var isKernel: Bool {
    if case .kernel = self { true } else { false }
  }
}
