using Iced.Intel;

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

    /// <summary>Puts NOPs in the place of instructions: the others keep their addresses.</summary>
    private static void DropInstructions(DiffCase test, Func<DiffCase, bool> fails)
    {
        for (int i = test.Instructions.Count - 1; i >= 0 && test.Instructions.Count > 1; i--)
        {
            if (test.Skeleton.Contains(test.Instructions[i].IP))
                continue;
            Instruction[] instructions = [.. test.Instructions];
            byte[] bytes = [.. test.Bytes];
            for (int j = 0; j < instructions[i].Length; j++)
                test.Bytes[(int)(instructions[i].IP - test.Rip) + j] = 0x90;
            test.Instructions.RemoveAt(i);
            if (fails(test))
                continue;
            test.Bytes.Clear();
            test.Bytes.AddRange(bytes);
            test.Instructions.Clear();
            test.Instructions.AddRange(instructions);
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
