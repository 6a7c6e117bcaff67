import Board
import BoardYAML
import Configuration
import Kernels
import Quantities
import Testing

/// A second in nanoseconds.
let second: Int64 = 1_000_000_000

/// A column of a table, or a channel that looks like one.
func column(_ name: String, _ unit: Unit = Unit(code: "")) -> ChannelReference {
  guard let dot = name.firstIndex(of: ".") else {
    return ChannelReference(sensor: "", channel: name, unit: unit)
  }
  return ChannelReference(
    sensor: String(name[..<dot]), channel: String(name[name.index(after: dot)...]), unit: unit)
}

/// The kernels of a section over the columns of a table, each in a line of its own.
func reading(
  _ lines: [String], over columns: [ChannelReference]
) throws -> Result<[KernelDeclaration], BoardFileErrors> {
  let (node, diagnostics) = BoardYAML.node(parsing: Array(lines.joined(separator: "\n").utf8))
  try #require(diagnostics == [], "\(lines)")
  guard case .mapping(let entries) = try #require(node).content else { return .success([]) }
  return BoardReader.kernels(entries, over: columns)
}

/// The kernels of a section that is right.
func kernels(_ lines: String..., over columns: [ChannelReference]) throws -> [KernelDeclaration] {
  try reading(lines, over: columns).get()
}

/// What is wrong with the kernels of a section, each with what to write instead.
func faults(_ lines: String..., over columns: [ChannelReference]) throws -> [String] {
  switch try reading(lines, over: columns) {
  case .success: []
  case .failure(let errors): errors.diagnostics.map { "\($0.message); \($0.remedy)" }
  }
}

/// A value of a kernel with its name and its time, as the tests compare them.
struct NamedValue: Hashable, CustomStringConvertible {
  let name: String
  let value: Double
  let nanoseconds: Int64

  init(_ name: String, _ value: Double, at seconds: Int64, less nanoseconds: Int64 = 0) {
    self.init(name: name, value: value, nanoseconds: seconds * second - nanoseconds)
  }

  fileprivate init(name: String, value: Double, nanoseconds: Int64) {
    self.name = name
    self.value = value
    self.nanoseconds = nanoseconds
  }

  var description: String {
    "\(name) \(value) at \(nanoseconds / second) s"
  }
}

extension KernelRow {
  /// What the kernels gave, by name; events are left out.
  func named(_ outputs: [Output]) -> [NamedValue] {
    outputs.compactMap { output in
      guard case .value(let number, let value, let nanoseconds, _) = output.given else {
        return nil
      }
      let kernel = declarations[output.kernel]
      return NamedValue(
        name: "\(kernel.name).\(kernel.outputs[number].name)", value: value,
        nanoseconds: nanoseconds)
    }
  }

  /// Gives a value of a channel at a time in seconds; returns what came of it.
  mutating func take(_ value: Double, of channel: ChannelReference, at seconds: Int64)
    -> [NamedValue]
  {
    named(accept(Sample(nanoseconds: seconds * second, value: value), of: channel))
  }
}
