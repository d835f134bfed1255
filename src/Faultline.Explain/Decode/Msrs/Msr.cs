using Faultline.Explain.Decode.Registers;

namespace Faultline.Explain.Decode.Msrs;

/// <summary>A model-specific register: one row of the table.</summary>
/// <param name="Number">What ECX holds in RDMSR.</param>
/// <param name="Name">The manual's name.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Layout">Its fields, when they are known.</param>
internal sealed record Msr(uint Number, string Name, string Meaning, RegisterLayout? Layout = null);
