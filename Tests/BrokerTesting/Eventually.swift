/// How long a test waits for what has to come; a limit for faults, and no measure of speed.
package let patience: Duration = .seconds(90)

/// Waits until something holds; returns false where it does not in the time that is given.
package func eventually(
  within limit: Duration = patience, _ condition: () throws -> Bool
) async rethrows -> Bool {
  let deadline: ContinuousClock.Instant = .now + limit
  while try !condition() {
    guard .now < deadline else { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}
