using System.Runtime.InteropServices;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Makes whole cases; each follows from its seed, form and number alone.</summary>
internal static class CaseGenerator
{
    [ThreadStatic]
    private static (ulong Seed, byte[] Bytes)? t_background;

    /// <summary>Case <paramref name="index"/> of a form, or null when that one cannot be encoded.</summary>
    public static DiffCase? OfForm(Code code, ulong seed, int index)
    {
        SplitMix random = SplitMix.Of(seed, (int)code, index);
        DiffCase test = Start(random, seed, $"{code}:{seed}:{index}");
        return InstructionGenerator.TryAppend(random, code, test, test.Rip, inBlock: false) ? test : null;
    }

    /// <summary>A straight line of 2 to 30 instructions of any of the forms.</summary>
    public static DiffCase OfBlock(IReadOnlyList<Code> forms, ulong seed, int index)
    {
        SplitMix random = SplitMix.Of(seed, -1, index);
        DiffCase test = Start(random, seed, $"block:{seed}:{index}");
        int wanted = 2 + random.Below(29);
        ulong ip = test.Rip;
        FlagTracker flags = new();
        for (int tries = 0; test.Instructions.Count < wanted && tries < 200; tries++)
        {
            int before = test.Bytes.Count;
            if (!InstructionGenerator.TryAppend(random, forms[random.Below(forms.Count)], test, ip, inBlock: true))
                continue;
            if (flags.Accept(test.Instructions[^1]))
            {
                ip += (ulong)(test.Bytes.Count - before);
            }
            else
            {
                test.Instructions.RemoveAt(test.Instructions.Count - 1);
                test.Bytes.RemoveRange(before, test.Bytes.Count - before);
            }
        }
        return test;
    }

    /// <summary>
    /// Branches, loops and calls around instructions of any of the forms. With <paramref name="definedOnly"/> undefined flags are never read, so that the case can be
    /// compared with the host.
    /// </summary>
    public static DiffCase OfFlow(IReadOnlyList<Code> forms, ulong seed, int index, bool definedOnly)
    {
        SplitMix random = SplitMix.Of(seed, definedOnly ? -2 : -3, index);
        DiffCase test = Start(random, seed, $"{(definedOnly ? "flow" : "engines")}:{seed}:{index}");
        FlowGenerator.Fill(random, test, forms, definedOnly);
        return test;
    }

    private static DiffCase Start(SplitMix random, ulong seed, string name)
    {
        DiffCase test = new() { Name = name };
        Background(seed).CopyTo(test.Data, 0);
        TroubleValues.Lanes(random, test.Data.AsSpan((int)(Scratch.Stack - Scratch.Data), 256));
        InitialState.Fill(random, ref test.Initial);
        test.Rip = random.Chance(85) ? Scratch.Code + 0x800 + (ulong)random.Below(16) : Scratch.Code + 0xff0 + (ulong)random.Below(16);
        return test;
    }

    private static byte[] Background(ulong seed)
    {
        if (t_background is { } known && known.Seed == seed)
            return known.Bytes;
        byte[] bytes = new byte[Scratch.DataSize];
        SplitMix random = new(seed);
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()))
            word = random.Next();
        t_background = (seed, bytes);
        return bytes;
    }
}
