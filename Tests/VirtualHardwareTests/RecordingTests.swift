import Testing

@testable import VirtualHardware

@Suite struct RecordingTests {
  private static let second: Int64 = 1_000_000_000

  @Test func `reads the day of Alamosa`() throws {
    let day = try recording(
      "surfrad-alamosa-2016-01-01", columns: ["temp_c", "press_mbar", "rh_pct"])
    #expect(day.count == 1440)
    #expect(day.columns == ["temp_c", "rh_pct", "press_mbar"])
    #expect(day.stepNanoseconds == 60 * Self.second)
    #expect(day.nanoseconds(ofRow: 0) == 1_451_606_400 * Self.second)
    #expect(day.extent == ("2016-01-01 00:00:00", "2016-01-01 23:59:00"))
    #expect(day.value(of: "temp_c", inRow: 0) == -7.6)
    #expect(day.value(of: "rh_pct", inRow: 0) == 52.7)
    #expect(day.value(of: "press_mbar", inRow: 0) == 773.5)
    #expect(day.value(of: "temp_c", inRow: 1439) == -8.5)
    #expect(day.value(of: "press_mbar", inRow: 1439) == 777.0)
    #expect(day.value(of: "wind_ms", inRow: 0) == nil)
    #expect(day.value(of: "temp_c", inRow: 1440) == nil)
  }

  @Test func `reads the day of the Iberian blackout with its missing rows`() throws {
    let day = try recording("iberia-toledo-2025-04-28")
    #expect(day.count == 3600)
    #expect(day.columns == ["v_l1", "v_l2", "v_l3", "freq_hz"])
    #expect(day.stepNanoseconds == 2 * Self.second)
    #expect(day.nanoseconds(ofRow: 0) == 1_745_838_000 * Self.second)
    #expect(day.extent == ("2025-04-28 11:00:00", "2025-04-28 12:59:58"))
    #expect(day.value(of: "v_l1", inRow: 0) == 27105.537)
    #expect(day.value(of: "freq_hz", inRow: 0) == 50.016)
    #expect(day.value(of: "v_l3", inRow: 3599) == 35.62)
    #expect(day.value(of: "freq_hz", inRow: 3599) == 40)
    let missing = (0..<3600).filter { day.value(of: "freq_hz", inRow: $0) == nil }
    #expect(missing == [45, 481, 1021, 1423, 1847, 2289, 2326, 2730, 3151, 3541])
    // 12:33:20, 2800 rows after 11:00:00.
    #expect(day.value(of: "freq_hz", inRow: 2800) == 48.556)
  }

  @Test func `keeps no more memory than its rows need`() throws {
    let day = try recording("iberia-toledo-2025-04-28", columns: ["freq_hz"])
    #expect(day.cells.count == 1)
    #expect(day.cells[0].capacity + day.times.capacity < 2 * 3600 + 256)
  }

  @Test func `reads missing cells, blanks and line ends of either kind`() throws {
    let text = "time , a,b\r\n0, 1.5 ,NaN\r\n60,,-2e1\r\n120,nan,3"
    let series = try Recording(name: "r", csv: text)
    #expect(series.columns == ["a", "b"])
    #expect((0..<3).map { series.value(of: "a", inRow: $0) } == [1.5, nil, nil])
    #expect((0..<3).map { series.value(of: "b", inRow: $0) } == [nil, -20, 3])
  }

  @Test func `takes the time from the column that is named`() throws {
    let text = "flag,when,a\nx,2024-02-29 23:59:59.25,1\ny,2024-03-01 00:00:00,2\n"
    let series = try Recording(name: "r", csv: text, columns: ["a"], timeColumn: "when")
    #expect(series.columns == ["a"])
    #expect(series.nanoseconds(ofRow: 0) == 1_709_251_199_250_000_000)
    #expect(series.stepNanoseconds == 750_000_000)
  }

  @Test(arguments: [
    ("2024-02-29T23:59:59Z", 1_709_251_199_000_000_000, "2024-02-29T23:59:59Z"),
    (
      "2024-03-01T01:59:59.000000001+02:00", 1_709_251_199_000_000_001,
      "2024-02-29T23:59:59.000000001Z"
    ),
    ("1970-01-01 00:00:00", 0, "1970-01-01 00:00:00"),
    ("2000-12-31 12:00:00.5", 978_264_000_500_000_000, "2000-12-31 12:00:00.5"),
    ("2261-12-31 23:59:59", 9_214_646_399_000_000_000, "2261-12-31 23:59:59"),
    ("1709251199.125", 1_709_251_199_125_000_000, "1709251199.125"),
  ])
  func `reads and writes times`(text: String, nanoseconds: Int64, canonical: String) throws {
    let time = try #require(RecordingTime(Array(text.utf8)[...]))
    #expect(time.nanoseconds == nanoseconds)
    #expect(time.description == canonical)
  }

  @Test(arguments: [
    "", "x", "2023-02-29 00:00:00", "2024-13-01 00:00:00", "2024-00-01 00:00:00",
    "2024-01-00 00:00:00", "2024-04-31 00:00:00", "2100-02-29 00:00:00", "2024-01-01 24:00:00",
    "2024-01-01 00:60:00", "2024-01-01 00:00:60", "2024-01-01", "2024-01-01 00:00",
    "2024-01-01 00:00:00.", "2024-01-01 00:00:00.1234567890", "2024-01-01 00:00:00z",
    "2024-01-01 00:00:00+0200", "2024-01-01 00:00:00+02:60", "2024-01-01_00:00:00",
    "2024/01/01 00:00:00", "1969-12-31 23:59:59", "2262-01-01 00:00:00", "-1", "1e18",
    "1970-01-01 00:00:00+02:00", "+024-01-01 00:00:00", "2024-01-01 00:00:00 ",
  ])
  func `rejects what is not a time`(text: String) {
    #expect(RecordingTime(Array(text.utf8)[...]) == nil)
  }

  struct Malformed: Sendable, CustomStringConvertible {
    let text: String
    let line: Int
    let kind: RecordingFailure.Kind
    var description: String { text }
  }

  @Test(arguments: [
    Malformed(text: "", line: 1, kind: .noHeader),
    Malformed(text: "\n0,1\n1,2\n", line: 1, kind: .noHeader),
    Malformed(text: "\u{FEFF}t,a\n0,1\n1,2\n", line: 1, kind: .byteOrderMark),
    Malformed(text: "t,,b\n0,1,1\n1,2,1\n", line: 1, kind: .unnamedColumn(2)),
    Malformed(text: "t,a,a\n0,1,1\n1,2,1\n", line: 1, kind: .repeatedColumn("a")),
    Malformed(text: "t,\"a\"\n0,1\n1,2\n", line: 1, kind: .quoted),
    Malformed(text: "t,a\n0,\"1\"\n1,2\n", line: 2, kind: .quoted),
    Malformed(text: "t,a\n0,1\n\n1,2\n", line: 3, kind: .blankLine),
    Malformed(text: "t,a\n0,1\n1,2\n\n", line: 4, kind: .blankLine),
    Malformed(text: "t,a\n0\n1,2\n", line: 2, kind: .cellCount(1, expected: 2)),
    Malformed(text: "t,a\n0,1,2\n1,2\n", line: 2, kind: .cellCount(3, expected: 2)),
    Malformed(text: "t,a\nx,1\n1,2\n", line: 2, kind: .notATime("x")),
    Malformed(text: "t,a\n,1\n1,2\n", line: 2, kind: .notATime("")),
    Malformed(
      text: "t,a\n0,1\n1970-01-01 00:00:01,2\n", line: 3,
      kind: .otherFormOfTime("1970-01-01 00:00:01")),
    Malformed(text: "t,a\n5,1\n5,2\n", line: 3, kind: .notLater("5", than: "5")),
    Malformed(text: "t,a\n5,1\n4.5,2\n", line: 3, kind: .notLater("4.5", than: "5")),
    Malformed(text: "t,a\n0,1\n1,0x10\n", line: 3, kind: .notANumber("0x10", column: "a")),
    Malformed(text: "t,a\n0,inf\n1,1\n", line: 2, kind: .notANumber("inf", column: "a")),
    Malformed(text: "t,a\n0,1e999\n1,1\n", line: 2, kind: .notANumber("1e999", column: "a")),
    Malformed(text: "t,a\n0,1 2\n1,1\n", line: 2, kind: .notANumber("1 2", column: "a")),
    Malformed(text: "t,a\n0,-\n1,1\n", line: 2, kind: .notANumber("-", column: "a")),
    Malformed(text: "t,a\n", line: 1, kind: .tooFewRows(0)),
    Malformed(text: "t,a\n0,1\n", line: 2, kind: .tooFewRows(1)),
  ])
  func `says where a text is no recording and why`(malformed: Malformed) {
    #expect(
      throws: RecordingFailure(recording: "r", line: malformed.line, malformed.kind)
    ) { _ = try Recording(name: "r", csv: malformed.text) }
  }

  @Test func `rejects columns that are not there and text that is not UTF-8`() {
    let text = "t,a,b\n0,1,2\n1,1,2\n"
    #expect(
      throws: RecordingFailure(
        recording: "r", line: 1, .noSuchColumn("c", known: ["a", "b"]))
    ) { _ = try Recording(name: "r", csv: text, columns: ["a", "c"]) }
    #expect(
      throws: RecordingFailure(
        recording: "r", line: 1, .noSuchColumn("when", known: ["t", "a", "b"]))
    ) { _ = try Recording(name: "r", csv: text, timeColumn: "when") }
    #expect(throws: RecordingFailure(recording: "r", line: 1, .notUTF8)) {
      _ = try Recording(name: "r", csv: [0x74, 0x2C, 0xFF, 0x0A])
    }
  }

  @Test func `writes an error with its place and a remedy`() {
    let failure = RecordingFailure(
      recording: "alamosa", line: 7, .notANumber("abc", column: "temp_c"))
    #expect(
      failure.description
        == "alamosa:7: 'abc' in column 'temp_c' is not a number; write a plain number, or nothing "
        + "for a missing value")
  }
}
