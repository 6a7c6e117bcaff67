import ArgumentParser
import Board
import Configuration
import Quantities

/// `cairn compute`: kernels over a table, as a board would run them.
struct ComputeCommand: ParsableCommand {
  /// How values are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case wide, long
  }

  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: "Run kernels over a CSV file or a log and write their outputs beside its columns.",
    discussion: """
      Example: cairn compute air.csv --time timestamp --kernel 'anomaly: { of: value }'
      Writes CSV: the input's columns and rows in their order, and a column for every output, named \
      <kernel>.<output>. A value stands in the row whose sample it belongs to; that of a window in \
      the row that closed it, that of the last window in the last row. Of values that fall into one \
      row the last is shown, and the others are counted on standard error; --format long has all. \
      Events show in the columns that are 0 or 1.
      """)

  @Argument(
    help: "A CSV file with a header and commas, semicolons or tabs, or the directory of a log.")
  var file: String

  @Option(
    help: """
      The column with the time: 2026-01-31 12:00:00, RFC 3339, or seconds, milliseconds or \
      microseconds since 1970. Without it, rows are --every apart.
      """)
  var time: String?

  @Option(help: "The time between two rows of a file without a column of times; 1s as is.")
  var every: String?

  @Option(help: "In its place, how many rows there are to a second: 860Hz.")
  var rate: String?

  @Option(help: "Of a log, only readings at or after this time in UTC (2026-01-31T12:00:00Z).")
  var from: String?

  @Option(help: "Of a log, only readings before this time in UTC.")
  var to: String?

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

  @Option(name: .shortAndLong, help: "Where to write; standard output where it is not said.")
  var output: String?

  @Option(
    help: """
      wide: the input's rows with a column for every output; or long: time,name,value,unit, a line \
      for every value with its own time, as a window's end, and states when they change.
      """)
  var format = Format.wide

  @Flag(help: "Write only the time and the kernels' columns.")
  var onlyOutputs = false

  func run() throws {
    guard kernel.isEmpty != (board == nil) else {
      throw refusal("name kernels with --kernel, or a board file with --board, and not both")
    }
    guard format == .wide || !onlyOutputs else {
      throw refusal("--format long has nothing but outputs; leave --only-outputs out")
    }
    let isLog = FileBytes.isDirectory(file)
    let table = try TableFile.read(file, within: try range(isLog: isLog))
    let units = try readUnits(table)
    let time = try timeColumn(table, isLog: isLog)
    let columns = table.columns.indices.filter { $0 != time }
    var channels: [ChannelReference] = []
    for column in columns where !channels.contains(where: { "\($0)" == table.columns[column] }) {
      channels.append(reference(table.columns[column], units))
    }
    let kernels = try board.map { try BoardFile.load($0).board.kernels } ?? commandLine(channels)
    let given = Set(kernels.flatMap { kernel in kernel.outputs.map { kernel.name(of: $0) } })
    try checkNames(kernels, table)
    // What a log holds of a kernel's outputs is computed anew.
    let used = Set(kernels.flatMap(\.inputs).map(\.description)).subtracting(given)
    for name in used.union(time.map { [table.columns[$0]] } ?? []).sorted() {
      do throws(CSVTable.Failure) {
        try table.requireOnce(name)
      } catch {
        throw refusal("\(file):\(error.line): \(error.message)")
      }
    }
    let wanted = columns.filter { used.contains(table.columns[$0]) }
    let lacking = warnOfMissing(kernels, table)
    let samples: SampleTable
    let clock = try rowClock(table, time: time)
    do throws(SampleTable.Failure) {
      samples = try SampleTable(table, timeColumn: time, time: clock, columns: wanted)
    } catch {
      throw refusal("\(file):\(error.line): \(error.message)")
    }
    if !isLog, let time { try checkOrder(samples, table, time) }
    // As the kernels name them, units included.
    let inputs = wanted.compactMap { column in
      kernels.flatMap(\.inputs).first { $0.description == table.columns[column] }
    }
    let run = KernelRun(kernels: kernels, table: samples, channels: inputs, isSparse: isLog)
    for line in try write(run, table, time, lacking) { StandardStream.error.line("cairn: \(line)") }
  }

  /// Runs the kernels and writes what they give; returns what is to be said of it.
  private func write(
    _ run: KernelRun, _ table: CSVTable, _ time: Int?, _ lacking: Set<String>
  ) throws -> [String] {
    let writer = ComputedOutput(table: table, time: time, path: output)
    var notes = KernelNotes(run)
    do {
      guard format == .wide else {
        try writer.writeLines(of: run) { notes.take($0) }
        return notes.lines(nil, lacksInputs: lacking)
      }
      var results = KernelColumns(run)
      run.forEach(givingUnchangedStates: true) {
        results.place($0)
        notes.take($0)
      }
      try writer.write(results, run.table, onlyOutputs: onlyOutputs)
      return notes.lines(results, lacksInputs: lacking)
    } catch let error as FileBytes.Unreadable {
      throw refusal("\(error); name another file")
    }
  }

  /// The times of a log that are asked for, in milliseconds since 1970.
  private func range(isLog: Bool) throws -> Range<UInt64> {
    guard isLog || (from == nil && to == nil) else {
      throw refusal("--from and --to are for logs; leave rows of a file out before")
    }
    func time(_ text: String) throws -> UInt64 {
      guard let time = CalendarTime(parsing: text) else {
        throw refusal("'\(text)' is no time; write for example 2026-01-31T12:00:00Z")
      }
      return time.unixMilliseconds
    }
    let (start, end) = (try from.map(time) ?? 0, try to.map(time) ?? UInt64.max)
    guard start <= end else { throw refusal("--from is after --to; write the earlier one there") }
    return start..<end
  }

  /// Rows in a wrong order give windows without them.
  private func checkOrder(_ samples: SampleTable, _ table: CSVTable, _ time: Int) throws {
    guard let back = samples.stepsBack else { return }
    let place = "\(file):\(table.lineNumbers[back.first])"
    let remedy = "sort the rows by column '\(table.columns[time])'"
    guard !back.isAll else {
      StandardStream.error.line("cairn: \(place): times only go back, the newest first; \(remedy)")
      throw ExitCode.failure
    }
    let more = back.count == 1 ? "once" : "here first, \(back.count) times in all"
    StandardStream.error.line(
      "cairn: \(place): the time goes back \(more); \(remedy), for kernels leave out what is late")
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
      let code = String(text[text.index(after: equals)...])
      guard Unit.registry.contains(code) else {
        throw refusal(
          "--unit: '\(column)' cannot be in '\(code)'; \(suggestion(for: code, among: Unit.registry))"
        )
      }
      units[column] = Unit(code: code)
    }
    return units
  }

  private func timeColumn(_ table: CSVTable, isLog: Bool) throws -> Int? {
    guard let name = time ?? (isLog ? LogTable.time : nil) else { return nil }
    guard let index = table.columns.firstIndex(of: name) else {
      throw refusal(
        "there is no column '\(name)' for --time; \(suggestion(for: name, among: table.columns))")
    }
    return index
  }

  /// The time of a row by its number, for files without a column of times.
  private func rowClock(_ table: CSVTable, time: Int?) throws -> (Int) -> Int64 {
    guard every == nil || rate == nil else {
      throw refusal("--every and --rate say the same; write one of them")
    }
    if let time, let written = every != nil ? "--every" : rate != nil ? "--rate" : nil {
      throw refusal(
        "\(written) has no place beside the times of column '\(table.columns[time])'; leave it out")
    }
    if time == nil, every == nil, rate == nil, let name = calendarColumn(table) {
      let quoted = name.allSatisfy { $0.isLetter || $0.isNumber || "_.-".contains($0) }
      throw refusal(
        "column '\(name)' looks like a time; write --time \(quoted ? name : "'\(name)'"),"
          + " or --every 1s")
    }
    if let rate {
      let nano = try quantity(rate, .frequency, "--rate")
      // Exact for any rate, so that nothing drifts.
      return { row in Int64(clamping: Int128(row) * 1_000_000_000_000_000_000 / nano) }
    }
    let nano = try quantity(every ?? "1 s", .duration, "--every")
    return { row in Int64(clamping: Int128(row) * nano) }
  }

  /// The first column whose first field is a date.
  private func calendarColumn(_ table: CSVTable) -> String? {
    guard !table.lines.isEmpty, let fields = try? table.fields(of: 0) else { return nil }
    return zip(table.columns, fields).first { _, field in
      (try? TableTime(parsing: CSVTable.text(field)))?.form.isCalendar ?? false
    }?.0
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
      let entry: ConfigurationNode.Entry
      do throws(KernelText.Failure) {
        entry = try KernelText.entry(text)
      } catch {
        throw refusal(error.message)
      }
      guard !entries.contains(where: { $0.key == entry.key }) else {
        throw refusal(
          "--kernel: two kernels are called '\(entry.key)'; write 'NAME: { kind: ... }' for one")
      }
      entries.append(entry)
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

  /// Tells of inputs that are not there; returns the kernels that lack one.
  private func warnOfMissing(_ kernels: [KernelDeclaration], _ table: CSVTable) -> Set<String> {
    let names = Set(kernels.map(\.name))
    var lacking: Set<String> = []
    for kernel in kernels {
      for input in kernel.inputs
      where !names.contains(input.sensor) && !table.columns.contains(input.description) {
        StandardStream.error.line(
          "cairn: kernel '\(kernel.name)' has no input: there is no column '\(input)'")
        lacking.insert(kernel.name)
      }
    }
    return lacking
  }

  /// A column and an output of one name could not be told apart.
  private func checkNames(_ kernels: [KernelDeclaration], _ table: CSVTable) throws {
    guard board == nil || (!onlyOutputs && format == .wide) else { return }
    for kernel in kernels {
      for name in kernel.outputs.map({ kernel.name(of: $0) }) where table.columns.contains(name) {
        let remedy =
          board == nil
          ? "write 'NAME: { kind: \(kernel.specification.name), ... }' with another name"
          : "write --only-outputs to have the kernel's alone"
        throw refusal(
          "kernel '\(kernel.name)' gives '\(name)', but there is a column '\(name)'; \(remedy)")
      }
    }
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
