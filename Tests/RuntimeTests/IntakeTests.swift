import Evidence
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct IntakeTests {
  let clock = ManualClock(monotonicNanoseconds: 1_000_000_000)

  /// What waits, when nothing more will come.
  func rest(_ intake: Intake) async -> [Intake.Input] {
    intake.finish()
    var inputs: [Intake.Input] = []
    for await input in intake.inputs { inputs.append(input) }
    return inputs
  }

  @Test func `what finds no room is counted per sensor, with its first and its last time`()
    async throws
  {
    let intake = Intake(capacity: 3, clock: clock)
    for round in 0..<5 {
      for sensor in 0..<2 {
        intake.offer(Attempt(outcome: .failed("\(round)")), of: sensor)
      }
      clock.advance(by: .seconds(1))
    }
    #expect(intake.waiting == 3)
    #expect(
      intake.takeLosses() == [
        Intake.Loss(
          sensor: 1, cause: "the log does not keep up; there was no room to wait", from: 2000,
          to: 5000, missed: 4),
        Intake.Loss(
          sensor: 0, cause: "the log does not keep up; there was no room to wait", from: 3000,
          to: 5000, missed: 3),
      ])
    #expect(intake.takeLosses() == [])
    // Kept and lost together are all that were offered.
    #expect(await rest(intake).count == 3)
  }

  @Test func `beats that were missed are losses of another cause`() {
    let intake = Intake(capacity: 3, clock: clock)
    clock.advance(by: .seconds(9))
    intake.miss(4, of: 2, sinceNanoseconds: 4_000_000_000)
    clock.advance(by: .seconds(5))
    intake.miss(2, of: 2, sinceNanoseconds: 2_000_000_000)
    #expect(
      intake.takeLosses() == [
        Intake.Loss(
          sensor: 2, cause: "an earlier measurement took too long", from: 6000, to: 15_000,
          missed: 6)
      ])
  }

  @Test func `what comes out is in the order of its moments, whoever offers`() async throws {
    let intake = Intake(capacity: 10_000, clock: clock)
    await withDiscardingTaskGroup { group in
      for sensor in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            intake.offer(Attempt(outcome: .failed("-")), of: sensor)
            clock.advance(by: .milliseconds(1))
          }
        }
      }
      group.addTask {
        for _ in 0..<200 { intake.tick() }
      }
    }
    let times = await rest(intake).map { input in
      switch input {
      case .acquisition(let acquisition): acquisition.moment.bootMilliseconds
      case .tick(let moment): moment.bootMilliseconds
      }
    }
    #expect(times.count == 1800)
    #expect(times == times.sorted())
  }

  @Test func `what is offered after the end is no gap: the board stops`() async throws {
    let intake = Intake(capacity: 3, clock: clock)
    intake.finish()
    intake.offer(Attempt(outcome: .failed("-")), of: 0)
    #expect(intake.takeLosses() == [])
    #expect(intake.waiting == 0)
  }
}
