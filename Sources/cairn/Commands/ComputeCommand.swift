import ArgumentParser
import Board
import Configuration
import JSONText
import Quantities

/// `cairn compute`: kernels over a table, as a board would run them.
struct ComputeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: "Run kernels over a CSV file or a log and write their outputs beside its columns.",
    discussion: """
      Example: cairn compute air.csv --time timestamp --kernel 'anomaly: { of: value }'
      Writes CSV: the input's columns and rows in their order, and a column for every output, named \
      <kernel>.<output>. A value stands in the row whose sample it belongs to; that of a window in \
      the row that closed it. Events show in the columns that are 0 or 1.
      """)

  @Argument(help: "A CSV file with a header, or the directory of a log.")
  var file: String

  @Option(
    help: """
      The column with the time: 2026-01-31 12:00:00, RFC 3339, or seconds or milliseconds since \
      1970. Without it, rows are --every apart.
      """)
  var time: String?

  @Option(help: "The time between two rows of a file without a column of times; 1 s as is.")
  var every: String?

  @Option(help: "In its place, how many rows there are to a second: 860 Hz.")
  var rate: String?

  @Option(
    help: """
      A kernel as in the board file, 'KIND: { of: COLUMN, ... }' or 'NAME: { kind: KIND, ... }'; \
      once for every kernel.
      """)
  var kernel: [String] = []

  @Option(help: "A board file whose kernels to run; columns are named as its channels.")
  var board: String?

  @Option(help: "The unit of a column by its SenML code: COLUMN=Cel.")
  var unit: [String] = []

  @Option(help: "Where to write; standard output where it is not said.")
  var output: String?

  @Flag(help: "Write only the time and the kernels' columns.")
  var onlyOutputs = false

  func run() throws {
    guard kernel.isEmpty != (board == nil) else {
      throw refusal("name kernels with --kernel, or a board file with --board, and not both")
    }
    let table = try TableFile.read(file)
    let units = try readUnits(table)
    let time = try timeColumn(table)
    let columns = table.columns.indices.filter { $0 != time }
    let channels = columns.map { reference(table.columns[$0], units) }
    let kernels = try board.map { try BoardFile.load($0).board.kernels } ?? commandLine(channels)
    let used = Set(kernels.flatMap(\.inputs).map(\.description))
    let wanted = columns.filter { used.contains(table.columns[$0]) }
    warnOfMissing(kernels, table)
    let samples: SampleTable
    let clock = try rowClock()
    do throws(SampleTable.Failure) {
      samples = try SampleTable(table, timeColumn: time, time: clock, columns: wanted)
    } catch {
      throw refusal("\(file):\(error.line): \(error.message)")
    }
    // As the kernels name them, units included.
    let inputs = wanted.compactMap { column in
      kernels.flatMap(\.inputs).first { $0.description == table.columns[column] }
    }
    let results = KernelColumns(kernels, over: samples, channels: inputs)
    try write(table, time: time, results)
  }

  private func readUnits(_ table: CSVTable) throws -> [String: Unit] {
    var units: [String: Unit] = [:]
    for text in unit {
      guard let equals = text.lastIndex(of: "="), text.index(after: equals) < text.endIndex else {
        throw refusal("--unit '\(text)' has no unit; write COLUMN=Cel")
      }
      let column = String(text[..<equals])
      guard table.columns.contains(column) else {
        throw refusal(
          "--unit: there is no column '\(column)'; \(suggestion(for: column, among: table.columns))"
        )
      }
      units[column] = Unit(code: String(text[text.index(after: equals)...]))
    }
    return units
  }

  private func timeColumn(_ table: CSVTable) throws -> Int? {
    guard let name = time ?? (FileBytes.isDirectory(file) ? LogTable.time : nil) else { return nil }
    guard let index = table.columns.firstIndex(of: name) else {
      throw refusal(
        "there is no column '\(name)' for --time; \(suggestion(for: name, among: table.columns))")
    }
    return index
  }

  /// The time of a row by its number, for files without a column of times.
  private func rowClock() throws -> (Int) -> Int64 {
    guard every == nil || rate == nil else {
      throw refusal("--every and --rate say the same; write one of them")
    }
    if let rate {
      let nano = try quantity(rate, .frequency, "--rate")
      // Exact for any rate, so that nothing drifts.
      return { row in Int64(clamping: Int128(row) * 1_000_000_000_000_000_000 / nano) }
    }
    let nano = try quantity(every ?? "1 s", .duration, "--every")
    return { row in Int64(clamping: Int128(row) * nano) }
  }

  private func quantity(
    _ text: String, _ dimension: Dimension, _ name: String
  ) throws -> Int128 {
    let quantity: Quantity
    do throws(QuantityFailure) {
      quantity = try Quantity(parsing: text, as: dimension)
    } catch {
      throw refusal("\(name) \(error.message); \(error.remedy)")
    }
    guard quantity.nano > 0, quantity.nano < 1 << 80 else {
      throw refusal("\(name) '\(text)' is out of range; write for example '\(dimension.example)'")
    }
    return quantity.nano
  }

  private func reference(_ column: String, _ units: [String: Unit]) -> ChannelReference {
    let unit = units[column] ?? Unit(code: "")
    guard let dot = column.firstIndex(of: "."), dot > column.startIndex,
      column.index(after: dot) < column.endIndex
    else { return ChannelReference(sensor: "", channel: column, unit: unit) }
    return ChannelReference(
      sensor: String(column[..<dot]), channel: String(column[column.index(after: dot)...]),
      unit: unit)
  }

  /// The kernels of `--kernel`, read as a board file's are.
  private func commandLine(_ columns: [ChannelReference]) throws -> [KernelDeclaration] {
    var entries: [ConfigurationNode.Entry] = []
    for text in kernel {
      do throws(KernelText.Failure) {
        entries.append(try KernelText.entry(text))
      } catch {
        throw refusal(error.message)
      }
    }
    switch BoardReader.kernels(entries, over: columns) {
    case .success(let kernels): return kernels
    case .failure(let errors):
      for diagnostic in errors.diagnostics {
        StandardStream.error.line("cairn: --kernel: \(diagnostic.message); \(diagnostic.remedy)")
      }
      throw ExitCode(2)
    }
  }

  private func warnOfMissing(_ kernels: [KernelDeclaration], _ table: CSVTable) {
    let names = Set(kernels.map(\.name))
    for kernel in kernels {
      for input in kernel.inputs
      where !names.contains(input.sensor) && !table.columns.contains(input.description) {
        StandardStream.error.line(
          "cairn: kernel '\(kernel.name)' has no input: there is no column '\(input)'")
      }
    }
  }

  private func write(_ table: CSVTable, time: Int?, _ results: KernelColumns) throws {
    let separator = String(decoding: [table.separator], as: UTF8.self)
    let timeName = time.map { table.columns[$0] }
    var text =
      (onlyOutputs ? (timeName.map { [$0] } ?? []) : [table.header])
      .appending(results.names).joined(separator: separator) + "\n"
    var sink = try TextSink(output)
    for row in table.lines.indices {
      if onlyOutputs {
        if let time { text += String(decoding: try table.fields(of: row)[time], as: UTF8.self) }
      } else {
        text += String(decoding: table.lines[row], as: UTF8.self)
      }
      for (index, column) in results.values.enumerated() {
        if index > 0 || !onlyOutputs || time != nil { text += separator }
        let value = column[row]
        if value.isFinite { text += JSON.numberText(value) }
      }
      text += "\n"
      if text.utf8.count > 65_536 {
        try sink.write(text)
        text = ""
      }
    }
    try sink.write(text)
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}

extension [String] {
  fileprivate func appending(_ more: [String]) -> [String] { self + more }
}

/// A file that is written piece by piece, or the standard output.
private struct TextSink {
  private let path: String?
  private var bytes: [UInt8] = []

  init(_ path: String?) throws {
    self.path = path
    if let path { try FileBytes.write([], to: path) }
  }

  mutating func write(_ text: String) throws {
    guard let path else {
      StandardStream.output.write(text)
      return
    }
    try FileBytes.append(Array(text.utf8), to: path)
  }
}
