using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Runs a case on both sides and reports.</summary>
internal sealed class DifferentialRunner : IDisposable
{
    /// <summary>#BP, which ends a case: a trap, with RIP behind the instruction (SDM vol. 3, 6.15).</summary>
    private const ulong Breakpoint = 3;

    /// <summary>#PF, and bit 0 of its error code.</summary>
    private const ulong PageFault = 14;
    private const ulong Present = 1;

    private readonly GuestRunner _guest = new();
    private readonly byte[] _guestData = new byte[Scratch.DataSize];
    private readonly byte[] _nativeData = new byte[Scratch.DataSize];

    /// <summary>Cases run, and those of them that ended in an exception of their own.</summary>
    public (int Cases, int Faults) Counts { get; private set; }

    /// <summary>What differs, a line each.</summary>
    public List<string> Differences(DiffCase test)
    {
        MachineState guest = test.Initial, native = test.Initial;
        test.Data.CopyTo(_guestData, 0);
        test.Data.CopyTo(_nativeData, 0);
        try
        {
            _guest.Run(test, ref guest, _guestData);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [$"    the interpreter threw {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}"];
        }
        // Where this process has something, such as the home of another guest's page, the host does not fault, and what it stores there is lost to its owner.
        if (guest.Trap == PageFault && (guest.TrapError & Present) == 0 && NativeRunner.IsMapped(guest.TrapAddress))
            return [];
        lock (NativeRunner.Gate)
            NativeRunner.Instance.Run(test, ref native, _nativeData);

        ulong end = test.Rip + (ulong)test.Bytes.Count;
        bool fault = native.Trap != Breakpoint || (native.TrapRip > test.Rip && native.TrapRip <= end);
        Counts = (Counts.Cases + 1, Counts.Faults + (fault ? 1 : 0));
        CompareMask mask = new();
        foreach (Instruction instruction in test.Instructions)
            UndefinedResults.Apply(mask, instruction, test.Initial);
        // A fault leaves nothing undefined, but what was undefined before it in a block stays so.
        return StateComparer.Compare(ref native, _nativeData, ref guest, _guestData, fault && test.Instructions.Count == 1 ? new CompareMask { IgnoreFaultAddress = mask.IgnoreFaultAddress, StackFaultIsProtection = mask.StackFaultIsProtection } : mask);
    }

    /// <summary>A failing case in full: assembly, state before, differences, and how to run it alone.</summary>
    public string Describe(DiffCase test) => CaseReport.Describe(test, Differences);

    /// <inheritdoc/>
    public void Dispose() => _guest.Dispose();
}
