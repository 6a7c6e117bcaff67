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
    let readable = Set(pending.map(\.name))
    var kernels: [KernelDeclaration] = []
    var done: Set<String> = []
    while let index = pending.firstIndex(where: { kernel in
      kernel.references.allSatisfy { reference in
        let name = Self.parts(reference.text).name
        return done.contains(name) || !readable.contains(name) || sensorNames.contains(name)
      }
    }) {
      let next = pending.remove(at: index)
      done.insert(next.name)
      if let kernel = kernel(next) { kernels.append(kernel) }
    }
    for kernel in pending {
      let names = pending.map { "'\($0.name)'" }.joined(separator: ", ")
      report(
        kernel.position,
        pending.count == 1
          ? "kernel '\(kernel.name)' listens to itself"
          : "kernels \(names) listen to each other in a circle",
        remedy: "name a sensor's channel in one of them")
    }
    return kernels
  }

  private mutating func kernel(_ pending: Pending) -> KernelDeclaration? {
    let inputs = readInputs(pending)
    checkWindow(pending.values, inputs)
    do {
      let kernel = try pending.kind.init(options: pending.values, inputs: inputs)
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
    guard let channel = channels.first else { return }
    if channels.count > 1 {
      report(
        position, "'\(input.name)' takes one channel, but \(channels.count) are named",
        remedy: "name one")
    }
    guard let unit = input.unit, channel.unit != unit, !channel.unit.code.isEmpty else { return }
    report(
      position, "'\(input.name)' must be in \(unit), but '\(channel)' is in \(channel.unit)",
      remedy: "name a channel in \(unit)")
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
    if let columns {
      if let channel = columns.first(where: { $0.description == text }) { return [channel] }
    }
    let (name, part) = Self.parts(text)
    guard let part, !part.isEmpty, !name.isEmpty else {
      report(
        position,
        columns == nil ? "\(text.quoted) names no channel" : "there is no column '\(text)'",
        remedy: columns.map { suggestion(for: text, among: $0.map(\.description)) }
          ?? "write 'sensor.channel', or 'sensor.*' for all channels of a sensor")
      return []
    }
    guard let channels = channelsBySensor[name] else {
      let known = (columns?.map(\.description) ?? sensorNames) + kernelNames
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
