namespace Faultline.Cpu.Semantics;

/// <summary>Unwinds from a body to the dispatcher; what happened is in the state (see <see cref="Raise"/>). Never leaves the processor.</summary>
internal sealed class GuestFaultException : Exception
{
}
