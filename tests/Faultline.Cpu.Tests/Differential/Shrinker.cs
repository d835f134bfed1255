namespace Faultline.Cpu.Tests.Differential;

/// <summary>Simplifies the state that a failing case starts from, as long as it keeps failing.</summary>
internal static unsafe class Shrinker
{
    /// <summary>The same case, changed in place.</summary>
    public static DiffCase Shrink(DiffCase test, Func<DiffCase, bool> fails)
    {
        DropInstructions(test, fails);
        for (int i = 0; i < 16; i++)
        {
            if (i != 4)
                Try(test, fails, (ref MachineState s) => s.Gpr[i] = 0);
        }
        Try(test, fails, (ref MachineState s) => s.Rflags = 0x202);
        Try(test, fails, (ref MachineState s) => s.Mxcsr = 0x1f80);
        Try(test, fails, (ref MachineState s) => s.X87Control = 0x37f);
        Try(test, fails, (ref MachineState s) => s.X87Status = 0);
        Try(test, fails, (ref MachineState s) => s.X87Tag = 0);
        for (int i = 0; i < 16; i++)
            Try(test, fails, (ref MachineState s) => Clear(ref s, MachineState.YmmOffset + 32 * i, 32));
        for (int i = 0; i < 8; i++)
            Try(test, fails, (ref MachineState s) => Clear(ref s, MachineState.FxOffset + MachineState.StOffset + 16 * i, 16));
        return test;
    }

    private static void DropInstructions(DiffCase test, Func<DiffCase, bool> fails)
    {
        // From the end only: the instructions before keep their addresses.
        while (test.Instructions.Count > 1)
        {
            Iced.Intel.Instruction last = test.Instructions[^1];
            byte[] bytes = [.. test.Bytes];
            test.Instructions.RemoveAt(test.Instructions.Count - 1);
            test.Bytes.RemoveRange(test.Bytes.Count - last.Length, last.Length);
            if (fails(test))
                continue;
            test.Instructions.Add(last);
            test.Bytes.Clear();
            test.Bytes.AddRange(bytes);
            return;
        }
    }

    private static void Try(DiffCase test, Func<DiffCase, bool> fails, Change change)
    {
        MachineState saved = test.Initial;
        change(ref test.Initial);
        if (!fails(test))
            test.Initial = saved;
    }

    private static void Clear(ref MachineState state, int offset, int length)
    {
        fixed (MachineState* p = &state)
            new Span<byte>((byte*)p + offset, length).Clear();
    }

    private delegate void Change(ref MachineState state);
}
