public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Values in another unit of the same kind.
public struct ConvertKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "convert", family: .filters, revision: 1,
      summary: "values in another unit of the same kind",
      options: [
        .unit("to", .required, help: "unit of what is sent on"),
        .unit(
          "from", .optional,
          help: "unit of the stream, where it is not known, as of a column of a file"),
      ],
      outputs: [("value", "what is sent on, in the unit of 'to'")],
      notes:
        "Times one whole number and over another one, as 1 km/h is 5/18 m/s; Cel and K are"
        + " 273.15 apart.")
  }

  /// The converted values.
  public let outputs: [KernelChannel]
  private let conversion: UnitConversion

  /// A conversion of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let unit = try Self.unit(of: input, options)
    let wanted = options.unit("to") ?? unit
    guard let conversion = unit.conversion(to: wanted) else {
      let relatives = unit.relatives.map(\.code)
      throw OptionConflict(
        option: "to", "'\(input)' in \(unit) has no value in \(wanted)",
        remedy: relatives.isEmpty
          ? "name another channel, for \(unit) is converted to no other unit"
          : relatives.count == 1
            ? "write '\(relatives[0])'" : "write one of \(relatives.joined(separator: ", "))")
    }
    self.conversion = conversion
    outputs = [KernelChannel("value", wanted)]
  }

  private static func unit(
    of input: ChannelReference, _ options: OptionValues
  ) throws(OptionConflict) -> Unit {
    let written = options.unit("from")
    guard input.isOfKnownUnit else {
      guard let written else {
        throw OptionConflict(
          option: "from", "the unit of '\(input)' is not known",
          remedy: "write it, for example 'from: Pa'")
      }
      return written
    }
    guard written == nil || written == input.unit else {
      throw OptionConflict(
        option: "from", "'\(input)' is in \(input.unit), as its sensor or kernel says",
        remedy: "remove 'from'")
    }
    return input.unit
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    outputs.give(0, conversion.value(sample.value), at: sample.nanoseconds)
  }
}
