import Quantities

/// The times and numbers of a table, as kernels take them.
struct SampleTable {
  /// What is wrong with a table, and where.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// The time of every row, in nanoseconds since 1970 or since the first row.
  private(set) var times: [Int64] = []
  /// How the first row writes its time; a number of seconds without a column of times.
  private(set) var timeForm = TableTime.Form.number(unit: 1_000_000_000)
  /// The numbers of every column that is asked for; NaN where there is none.
  private(set) var values: [[Double]]
  /// Whether a number was written with a decimal comma.
  private(set) var hasDecimalCommas = false

  /// What stands for a missing value, besides nothing.
  private static let missing: Set<String> = ["nan", "na", "n/a", "null", "none", "-"]

  /// Reads a table's time column, and some of its columns of numbers.
  ///
  /// Without a time column the first row is at zero, and row `n` at `time(n)` nanoseconds. Where no
  /// comma separates fields, numbers may have decimal commas.
  init(
    _ table: CSVTable, timeColumn: Int?, time: (Int) -> Int64, columns: [Int]
  ) throws(Failure) {
    values = columns.map { _ in [] }
    for row in table.lines.indices {
      let line = table.lineNumbers[row]
      let fields: [ArraySlice<UInt8>]
      do {
        fields = try table.fields(of: row)
      } catch {
        throw Failure(line: error.line, message: error.message)
      }
      if let timeColumn {
        let text = CSVTable.text(fields[timeColumn])
        do throws(TableTime.Failure) {
          let time = try TableTime(parsing: text)
          if times.isEmpty { timeForm = time.form }
          times.append(time.nanoseconds)
        } catch {
          throw Failure(
            line: line,
            message: "'\(text)' in column '\(table.columns[timeColumn])' \(error.message)")
        }
      } else {
        times.append(time(row))
      }
      for (index, column) in columns.enumerated() {
        do throws(NoNumber) {
          let value = try number(
            fields[column], takesCommas: table.separator != UInt8(ascii: ","))
          values[index].append(value)
        } catch {
          throw Failure(
            line: line,
            message: "'\(CSVTable.text(fields[column]))' in column '\(table.columns[column])' is "
              + "no number; \(error.remedy)")
        }
      }
    }
  }

  private struct NoNumber: Error {
    var remedy = "leave the field empty where there is none"
  }

  private mutating func number(
    _ field: ArraySlice<UInt8>, takesCommas: Bool
  ) throws(NoNumber) -> Double {
    // Swift also reads hexadecimal numbers, which no table means by that.
    let isPlain = !field.contains { $0 | 0x20 == UInt8(ascii: "x") }
    if isPlain, let number = Double(String(decoding: field, as: UTF8.self)) { return number }
    let bare = CSVTable.trimmed(CSVTable.text(field))
    if bare.isEmpty || Self.missing.contains(bare.lowercased()) { return .nan }
    if let number = Double(bare) {
      guard isPlain else { throw NoNumber(remedy: "write it in decimal") }
      return number
    }
    guard let number = Self.point(bare), let value = Double(number) else { throw NoNumber() }
    guard takesCommas else { throw NoNumber(remedy: "write \(number)") }
    hasDecimalCommas = true
    return value
  }

  /// A number with a point in place of its decimal comma; nil where it has none.
  private static func point(_ text: String) -> String? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].last?.isWholeNumber == true,
      parts[1].first?.isWholeNumber == true, !text.contains(".")
    else { return nil }
    return parts.joined(separator: ".")
  }
}

extension SampleTable {
  /// Where the times of rows go back.
  struct StepsBack {
    /// The first row that is older than the one before.
    let first: Int
    /// How many rows are older than the one before.
    let count: Int
    /// Whether no row at all is newer than the one before.
    let isAll: Bool
  }

  /// Where times go back; nil where they do not.
  var stepsBack: StepsBack? {
    var (first, count, forward) = (Int?.none, 0, 0)
    for row in times.indices.dropFirst() {
      if times[row] < times[row - 1] {
        first = first ?? row
        count += 1
      } else if times[row] > times[row - 1] {
        forward += 1
      }
    }
    return first.map { StepsBack(first: $0, count: count, isAll: forward == 0) }
  }
}
