import Quantities
import Testing

@testable import VirtualHardware

@Suite struct StimulusTests {
  @Test(arguments: [
    ("alamosa.temp_c", "alamosa.temp_c"),
    ("  alamosa.press_mbar   *  100 ", "alamosa.press_mbar * 100"),
    ("toledo.v_l1 * 0.01 - 2.5", "toledo.v_l1 * 0.01 - 2.5"),
    ("a-1.b_2 + .5", "a-1.b_2 + 0.5"),
    ("a.b * -1e-3", "a.b * -0.001"),
    ("21.5", "21.5"), ("-40", "-40"), ("1e3", "1000"),
    ("sine(50, 0.02, 60 s)", "sine(50, 0.02, 60000000000 ns)"),
    ("sine( -1 ,+2,1.5min )", "sine(-1, 2, 90000000000 ns)"),
  ])
  func `reads a stimulus and writes it back`(text: String, canonical: String) throws {
    let stimulus = try Stimulus(parsing: text)
    #expect(stimulus.description == canonical)
    #expect(try Stimulus(parsing: canonical) == stimulus)
  }

  @Test func `names its recording and column`() throws {
    let column = try #require(try Stimulus(parsing: "toledo.freq_hz * 2").recording)
    #expect(column == ("toledo", "freq_hz"))
    #expect(try Stimulus(parsing: "50").recording == nil)
    #expect(try Stimulus(parsing: "sine(1, 2, 3 s)").recording == nil)
  }

  @Test(arguments: [
    ("", StimulusFailure.empty), (" \t", .empty),
    ("alamosa", .notAStimulus("alamosa")), ("a.b.c", .notAStimulus("a.b.c")),
    (".b", .notAStimulus(".b")), ("a.", .notAStimulus("a.")), ("1a.b", .notAStimulus("1a.b")),
    ("a.2", .notAStimulus("a.2")), ("a.b*2", .notAStimulus("a.b*2")), ("nan", .notAStimulus("nan")),
    ("21,5", .notAStimulus("21,5")), ("0x10", .notAStimulus("0x10")),
    ("5 + 3", .notAStimulus("5 + 3")), ("é.b", .notAStimulus("é.b")),
    ("a.b *", .missingNumber(operator: "*", in: "a.b *")),
    ("a.b * 2 +", .missingNumber(operator: "+", in: "a.b * 2 +")),
    ("a.b * x", .notANumber("x", in: "a.b * x")),
    ("a.b * 2 * 3", .unexpected("*", in: "a.b * 2 * 3")),
    ("a.b + 2 * 3", .unexpected("*", in: "a.b + 2 * 3")),
    ("a.b / 2", .unexpected("/", in: "a.b / 2")),
    ("a.b 2", .unexpected("2", in: "a.b 2")),
    ("a.b - -2", .notANumber("-2", in: "a.b - -2")),
    ("a.b -2", .unexpected("-2", in: "a.b -2")),
    ("sine(1, 2)", .malformedSine("sine(1, 2)")),
    ("sine(1, 2, 3 s", .malformedSine("sine(1, 2, 3 s")),
    ("sine(1, 2, 3 s) + 1", .malformedSine("sine(1, 2, 3 s) + 1")),
    ("sine(1, 2, 3 s, 4)", .malformedSine("sine(1, 2, 3 s, 4)")),
    ("sine(x, 2, 3 s)", .notANumber("x", in: "sine(x, 2, 3 s)")),
    ("sine(1, , 3 s)", .notANumber("", in: "sine(1, , 3 s)")),
    ("sine(1, 2, 60)", .period(.missingUnit(text: "60", dimension: .duration))),
    ("sine(1, 2, 0 s)", .periodNotPositive("0 s")),
    ("sine(1, 2, -5 s)", .periodNotPositive("-5 s")),
  ])
  func `rejects anything else and says why`(text: String, failure: StimulusFailure) {
    #expect(throws: failure) { _ = try Stimulus(parsing: text) }
    #expect(!failure.remedy.isEmpty && !failure.message.isEmpty)
  }

  @Test func `a sine begins at its mean and rises`() throws {
    let sine = try Stimulus(parsing: "sine(50, 2, 60 s)")
    let second: Int64 = 1_000_000_000
    // sin 0, 30, 90, 180, 270 and 360 degrees.
    for (seconds, expected) in [(0, 50.0), (5, 51), (15, 52), (30, 50), (45, 48), (60, 50)] {
      let value = try #require(
        sine.value(atElapsed: Int64(seconds) * second, playback: nil))
      #expect(abs(value - expected) < 1e-14 * 50)
    }
    #expect(sine.value(atElapsed: -45 * second, playback: nil) == 52)
    #expect(sine.value(atElapsed: 600_015 * second, playback: nil) == 52)
  }

  @Test func `a column is nothing without its recording`() throws {
    let series = try Recording(name: "r", csv: "t,a\n0,1\n1,3\n")
    let playback = try Playback(of: series)
    let stimulus = try Stimulus(parsing: "r.a * 10 - 1")
    #expect(stimulus.value(atElapsed: 500_000_000, playback: playback) == 19)
    #expect(stimulus.value(atElapsed: 0, playback: nil) == nil)
    #expect(try Stimulus(parsing: "q.a").value(atElapsed: 0, playback: playback) == nil)
    #expect(try Stimulus(parsing: "r.b").value(atElapsed: 0, playback: playback) == nil)
    #expect(throws: StimulusFailure.unknownRecording("q", known: ["r"])) {
      _ = try signal("q.a", playback)
    }
    #expect(throws: StimulusFailure.unknownColumn("b", recording: "r", known: ["a"])) {
      _ = try signal("r.b", playback)
    }
  }
}

@Suite struct PlaybackTests {
  private let second: Int64 = 1_000_000_000
  // Rows at 0, 10, 20 (missing), 30, then a gap to 60, then 70.
  private let text = "t,a\n0,0\n10,10\n20,\n30,30\n60,60\n70,70\n"

  @Test func `goes straight from row to row and leaves gaps as they are`() throws {
    let playback = try Playback(of: Recording(name: "r", csv: text))
    func value(_ seconds: Double) -> Double? {
      playback.value(of: "a", atElapsed: Int64(seconds * 1e9))
    }
    #expect(value(0) == 0)
    #expect(value(2.5) == 2.5)
    // Before a missing cell the value holds for its step; the cell takes its whole step.
    #expect(value(10) == 10)
    #expect(value(19.999) == 10)
    #expect(value(20) == nil)
    #expect(value(29.999) == nil)
    #expect(value(30) == 30)
    #expect(value(39.999) == 30)
    // Nothing in the rest of a gap.
    #expect(value(40) == nil)
    #expect(value(59.999) == nil)
    #expect(value(65) == 65)
    // The last row holds for a step, then the recording starts anew.
    #expect(value(79.999) == 70)
    #expect(value(80) == 0)
    #expect(value(82.5) == 2.5)
    #expect(value(-1) == 70)
  }

  @Test func `can keep the value of the earlier row`() throws {
    let playback = try Playback(
      of: Recording(name: "r", csv: text), interpolation: .stepwise)
    #expect(playback.value(of: "a", atElapsed: 9_999_999_999) == 0)
    #expect(playback.value(of: "a", atElapsed: 10_000_000_000) == 10)
  }

  @Test func `starts where it is told and plays as fast as it is told`() throws {
    let series = try Recording(name: "r", csv: text)
    let playback = try Playback(of: series, from: "30", speed: 60)
    #expect(playback.value(of: "a", atElapsed: 0) == 30)
    #expect(playback.value(of: "a", atElapsed: second / 2) == 60)
    #expect(playback.value(of: "a", atElapsed: second) == 10)
    // A century at a whole speed is still exact.
    let century: Int64 = 3_155_760_000 * second
    let later = try Playback(of: series, speed: 1000)
    #expect(later.value(of: "a", atElapsed: century + 5_000_000) == 5)
  }

  @Test func `plays the blackout from a time of day`() throws {
    let series = try recording("iberia-toledo-2025-04-28", columns: ["freq_hz", "v_l1"])
    let playback = try Playback(of: series, from: "2025-04-28 12:33:20")
    #expect(playback.value(of: "freq_hz", atElapsed: 0) == 48.556)
    let missing = try Playback(of: series, from: "2025-04-28 11:01:30")
    #expect(missing.value(of: "freq_hz", atElapsed: 0) == nil)
    #expect(missing.value(of: "freq_hz", atElapsed: 2 * second) != nil)
  }

  @Test func `rejects times and speeds that it cannot play`() throws {
    let series = try recording("iberia-toledo-2025-04-28", columns: [])
    #expect(throws: PlaybackFailure.notATime("12:33", example: "2025-04-28 11:00:00")) {
      _ = try Playback(of: series, from: "12:33")
    }
    #expect(
      throws: PlaybackFailure.notATime("2025-04-28T12:00:00Z", example: "2025-04-28 11:00:00")
    ) { _ = try Playback(of: series, from: "2025-04-28T12:00:00Z") }
    #expect(
      throws: PlaybackFailure.notInRecording(
        "2025-04-28 13:00:00", first: "2025-04-28 11:00:00", last: "2025-04-28 12:59:58")
    ) { _ = try Playback(of: series, from: "2025-04-28 13:00:00") }
    for speed in [0, -1, 0.5, 100_001, .infinity, .nan] {
      #expect(throws: PlaybackFailure.speedOutOfRange("\(speed)")) {
        _ = try Playback(of: series, speed: speed)
      }
    }
  }

  @Test func `a signal counts from its origin on the clock`() throws {
    let playback = try Playback(of: Recording(name: "r", csv: text))
    let bound = try signal("r.a", playback, origin: 1_000 * second)
    #expect(bound.value(at: 1_005 * second) == 5)
  }
}
