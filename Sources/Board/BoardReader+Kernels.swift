import Configuration
import Drivers
import Quantities

extension BoardReader {
  /// A kernel of the file, before its inputs are known.
  private struct Pending {
    let name: String
    let position: Position
    let values: OptionValues
    let kind: any StreamKernel.Type

    /// Every text that names a stream, with its key and place.
    var references: [(key: String, text: String, position: Position)] {
      switch kind.specification.inputs {
      case .each, .group: values.texts("of").map { ("of", $0.text, $0.position) }
      case .named(let inputs):
        inputs.compactMap { input in
          values.text(input.name).map { (input.name, $0, values.position(of: input.name)) }
        }
      }
    }
  }

  /// The kernels, in an order in which none listens to a later one.
  mutating func readKernels(_ root: OptionValues) -> [KernelDeclaration] {
    kernelNames = root.rows("kernels").map(\.name)
    var pending = root.sections("kernels").compactMap { row in
      KernelCatalogue.kind(named: row.values.variant ?? "").map {
        Pending(name: row.name, position: row.position, values: row.values, kind: $0)
      }
    }
    // A kernel with an error gives nothing that another could be checked against.
    var waiting = Set(pending.map(\.name))
    var kernels: [KernelDeclaration] = []
    while let index = pending.firstIndex(where: { heard(by: $0, among: waiting).isEmpty }) {
      let next = pending.remove(at: index)
      waiting.remove(next.name)
      if let kernel = kernel(next) { kernels.append(kernel) }
    }
    reportCircles(&pending)
    return kernels
  }

  /// Reports each circle among kernels of which every one waits for another.
  ///
  /// Those that only listen to a circle have no fault of their own.
  private mutating func reportCircles(_ pending: inout [Pending]) {
    var waiting = Set(pending.map(\.name))
    while let first = pending.first {
      var path = [first]
      var circle: ArraySlice<Pending> = []
      while circle.isEmpty, let last = path.last {
        let heard = heard(by: last, among: waiting)
        guard let next = pending.first(where: { heard.contains($0.name) }) else { return }
        if let start = path.firstIndex(where: { $0.name == next.name }) {
          circle = path[start...]
        } else {
          path.append(next)
        }
      }
      let members = circle.sorted { $0.position < $1.position }
      let names = members.map { "'\($0.name)'" }.joined(separator: ", ")
      report(
        members.first?.position ?? first.position,
        members.count == 1
          ? "kernel \(names) listens to itself"
          : "kernels \(names) listen to each other in a circle",
        remedy: columns == nil
          ? "name a sensor's channel in one of them" : "name a column in one of them")
      waiting.subtract(members.map(\.name))
      pending.removeAll { !waiting.contains($0.name) }
      while let index = pending.firstIndex(where: { heard(by: $0, among: waiting).isEmpty }) {
        waiting.remove(pending.remove(at: index).name)
      }
    }
  }

  /// The kernels among some that a kernel listens to; sensors and columns come before them.
  private func heard(by kernel: Pending, among names: Set<String>) -> Set<String> {
    Set(
      kernel.references.compactMap { reference in
        let (name, part) = Self.parts(reference.text)
        guard part != nil, names.contains(name), !sensorNames.contains(name),
          columns?.contains(where: { $0.description == reference.text }) != true
        else { return nil }
        return name
      })
  }

  private mutating func kernel(_ pending: Pending) -> KernelDeclaration? {
    let inputs = readInputs(pending)
    checkWindow(pending.values, inputs)
    do {
      let kernel = try pending.kind.init(options: pending.values, inputs: inputs)
      checkRate(pending.values, inputs)
      let declaration = KernelDeclaration(
        name: pending.name, kernel: kernel, inputs: inputs, parameters: pending.values.texts)
      kernelOutputs[pending.name] = declaration.outputs.map(\.name)
      channelsBySensor[pending.name] = declaration.outputs.map(declaration.reference)
      return declaration
    } catch {
      report(error, in: pending.values)
      return nil
    }
  }

  /// The streams that a kernel names, each once.
  private mutating func readInputs(_ pending: Pending) -> [ChannelReference] {
    var inputs: [ChannelReference] = []
    for (key, text, position) in pending.references {
      let matching = channels(matching: text, at: position)
      if case .named(let named) = pending.kind.specification.inputs {
        guard let input = named.first(where: { $0.name == key }) else { continue }
        guard matching.count <= 1 else {
          report(
            position, "'\(key)' takes one channel, but \(matching.count) are named",
            remedy: "name one")
          continue
        }
        checkUnit(of: matching, for: input, position)
      }
      for channel in matching {
        if inputs.contains(channel) {
          report(
            position, "channel '\(channel)' is named twice", remedy: "name each channel once")
        } else {
          inputs.append(channel)
        }
      }
    }
    if case .group(let least) = pending.kind.specification.inputs, inputs.count < least,
      pending.values.isComplete, !inputs.isEmpty
    {
      report(
        pending.values.position(of: "of"),
        "'\(pending.kind.specification.name)' needs at least \(least) channels",
        remedy: "name more of them")
    }
    return inputs
  }

  private mutating func checkUnit(
    of channels: [ChannelReference], for input: KernelInput, _ position: Position
  ) {
    guard let channel = channels.first, let unit = input.unit, !input.takes(channel.unit) else {
      return
    }
    let words = input.unitWords ?? unit.code
    let isConvertible = channel.unit.conversion(to: unit) != nil
    report(
      position, "'\(input.name)' must be in \(words), but '\(channel)' is in \(channel.unit)",
      remedy: isConvertible
        ? "name a kernel 'convert' of it, with 'to: \(unit)'" : "name a channel in \(words)")
  }

  /// The name of the sensor or kernel, and of the channel; a bare name is a column of a table.
  static func parts(_ text: String) -> (name: String, channel: String?) {
    guard let dot = text.firstIndex(of: ".") else { return (text, nil) }
    return (String(text[..<dot]), String(text[text.index(after: dot)...]))
  }

  /// The channels that a pattern means.
  private mutating func channels(
    matching text: String, at position: Position
  ) -> [ChannelReference] {
    let (name, part) = Self.parts(text)
    if let columns {
      if let channel = columns.first(where: { $0.description == text }) { return [channel] }
      let group = columns.filter { part == "*" && $0.sensor == name && !name.isEmpty }
      if !group.isEmpty, channelsBySensor[name] == nil { return group }
    }
    guard let part, !part.isEmpty, !name.isEmpty else {
      report(
        position,
        columns == nil ? "\(text.quoted) names no channel" : "there is no column '\(text)'",
        remedy: columns.map { suggestion(for: text, among: $0.map(\.description)) }
          ?? "write 'sensor.channel', or 'sensor.*' for all channels of a sensor")
      return []
    }
    guard let channels = channelsBySensor[name] else {
      let given = kernelNames.flatMap { channelsBySensor[$0] ?? [] }
      let known = columns.map { ($0 + given).map(\.description) } ?? sensorNames + kernelNames
      // What a kernel with an error gives is not known.
      if !kernelNames.contains(name), !known.isEmpty, !sensorNames.contains(name) {
        report(
          position,
          columns == nil
            ? "unknown sensor '\(name)' in \(text.quoted)" : "there is no column '\(text)'",
          remedy: suggestion(for: columns == nil ? name : text, among: known))
      }
      return []
    }
    let matching = part == "*" ? channels : channels.filter { $0.channel == part }
    if matching.isEmpty, let missing = missingChannels["\(name).\(part)"] {
      report(position, "'\(text)' \(missing.lack)", remedy: missing.remedy)
    } else if matching.isEmpty {
      let isKernel = kernelNames.contains(name)
      report(
        position,
        isKernel
          ? "kernel '\(name)' has no output '\(part)'"
          : "sensor '\(name)' has no channel '\(part)'",
        remedy: suggestion(for: part, among: channels.map(\.channel) + ["*"]))
    }
    return matching
  }

  /// Samples that come at another rate than is said give frequencies and powers that are wrong.
  private mutating func checkRate(_ values: OptionValues, _ inputs: [ChannelReference]) {
    guard let rate = values.quantity("sample-rate") else { return }
    for input in inputs {
      guard let interval = intervals[input.sensor] else { continue }
      // What stamps can refine is up to a tenth.
      let samples = rate.value * (interval / .seconds(1))
      guard !(0.9...1.1).contains(samples) else { continue }
      report(
        values.position(of: "sample-rate"),
        "'sample-rate' is \(rate), but '\(input.sensor)' is measured every \(interval.words)",
        remedy: "write the rate at which it is measured, or run the kind over a file with"
          + " 'cairn compute'")
      return
    }
  }

  /// A window in which a channel cannot have a value would stay silent for ever.
  private mutating func checkWindow(_ values: OptionValues, _ inputs: [ChannelReference]) {
    guard let window = values.duration("window") else { return }
    for input in inputs {
      guard let interval = intervals[input.sensor], window < interval else { continue }
      report(
        values.position(of: "window"),
        "'window' is shorter than the \(interval.words) between two measurements of"
          + " '\(input.sensor)'",
        remedy: "write a longer window, or measure more often")
      return
    }
  }
}
