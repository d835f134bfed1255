using Faultline.Cpu.State;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Random machine states of trouble values.</summary>
internal static unsafe class InitialState
{
    /// <summary>Fills a state; RSP points into the stack page.</summary>
    public static void Fill(SplitMix random, ref MachineState state)
    {
        state = default;
        int width = 1 << random.Below(4);
        for (int i = 0; i < 16; i++)
        {
            // Often of one narrow width, with the rest of the register random, so that narrow forms meet their own edges.
            ulong value = TroubleValues.Integer(random, 8);
            if (random.Chance(70))
            {
                int bits = 8 * width;
                ulong low = ulong.MaxValue >> (64 - bits);
                value = (value & ~low) | TroubleValues.Integer(random, width);
                if (width == 1)
                    value = (value & ~0xff00UL) | (TroubleValues.Integer(random, 1) << 8);
            }
            state.Gpr[i] = i > 0 && random.Chance(8) ? state.Gpr[random.Below(i)] : value;
        }
        state.Gpr[4] = Scratch.Stack + (ulong)(8 * random.Below(32)) + (random.Chance(10) ? (ulong)random.Below(8) : 0);
        state.Rflags = (random.Next() & Rflags.Status) | (random.Chance(25) ? Rflags.DF : 0) | Rflags.Fixed | Rflags.IF;
        state.GsBase = Scratch.GsBase;
        FillX87(random, ref state);
        state.Mxcsr = random.Chance(40) ? 0x1f80 : 0x1f80 | (uint)(random.Next() & 0xe07f);
        if (random.Chance(10))
            state.Mxcsr &= ~((uint)random.Next() & 0x1f80);
        for (int i = 0; i < 16; i++)
        {
            fixed (byte* p = state.Ymm)
            {
                Span<byte> register = new(p + 32 * i, 32);
                if (i > 0 && random.Chance(15))
                    new Span<byte>(p + 32 * random.Below(i), 32).CopyTo(register);
                else
                    TroubleValues.Lanes(random, register);
            }
        }
    }

    private static void FillX87(SplitMix random, ref MachineState state)
    {
        // Precision control 1 is reserved.
        int precision = random.Pick<int>([3, 3, 3, 0, 2]);
        state.X87Control = (ushort)(0x7f | (precision << 8) | (random.Chance(50) ? 0 : random.Below(4) << 10));
        state.X87Status = (ushort)((random.Below(8) << 11) | (random.Chance(50) ? 0 : (int)random.Next() & 0x473f));
        if (random.Chance(8))
        {
            // Unmasked exceptions, none of them pending yet.
            state.X87Control &= (ushort)~(random.Below(64));
            state.X87Status &= 0x7f00;
        }
        state.X87Tag = random.Below(4) switch { 0 => 0, 1 => (byte)random.Next(), _ => 0xff };
        fixed (byte* p = state.Fx)
        {
            for (int i = 0; i < 8; i++)
                TroubleValues.Extended(random, new Span<byte>(p + MachineState.StOffset + 16 * i, 10));
        }
    }
}
