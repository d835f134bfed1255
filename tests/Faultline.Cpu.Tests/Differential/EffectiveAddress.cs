using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>The address of a memory operand by the decoder's own computation, independent of the processor under test.</summary>
internal static unsafe class EffectiveAddress
{
    /// <summary>Linear address of the instruction's first memory operand.</summary>
    public static ulong Of(in Instruction instruction, MachineState state)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            OpKind kind = instruction.GetOpKind(i);
            if (kind is OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI))
            {
                return instruction.TryGetVirtualAddress(i, 0, out ulong address, (Register register, int _, int _, out ulong value) =>
                {
                    value = Read(register, state);
                    return true;
                })
                    ? address
                    : 0;
            }
        }
        return 0;
    }

    private static ulong Read(Register register, MachineState state) => register switch
    {
        Register.GS => Scratch.GsBase,
        >= Register.RAX and <= Register.R15 => state.Gpr[register - Register.RAX],
        >= Register.EAX and <= Register.R15D => (uint)state.Gpr[register - Register.EAX],
        >= Register.AX and <= Register.R15W => (ushort)state.Gpr[register - Register.AX],
        Register.AL => (byte)state.Gpr[0],
        _ => 0,
    };
}
