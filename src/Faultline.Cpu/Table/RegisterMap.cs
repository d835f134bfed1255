using Faultline.Cpu.State;
using Iced.Intel;

namespace Faultline.Cpu.Table;

/// <summary>Where each register of the decoder's lies in <see cref="CpuState"/>.</summary>
internal static class RegisterMap
{
    /// <summary>Byte offset of a register; <see cref="CpuState.Zero"/> for none. x87 stack registers give their number: they are relative to TOP.</summary>
    public static ushort Offset(Register register) => (ushort)(register switch
    {
        Register.None => CpuState.ZeroOffset,
        >= Register.AL and <= Register.BL => CpuState.GprOffset(register - Register.AL),
        >= Register.AH and <= Register.BH => CpuState.GprOffset(register - Register.AH) + 1,
        >= Register.SPL and <= Register.R15L => CpuState.GprOffset(register - Register.SPL + 4),
        >= Register.AX and <= Register.R15W => CpuState.GprOffset(register - Register.AX),
        >= Register.EAX and <= Register.R15D => CpuState.GprOffset(register - Register.EAX),
        >= Register.RAX and <= Register.R15 => CpuState.GprOffset(register - Register.RAX),
        >= Register.ES and <= Register.GS => CpuState.SelectorsOffset + 2 * (register - Register.ES),
        >= Register.XMM0 and <= Register.XMM31 => CpuState.VectorOffset(register - Register.XMM0),
        >= Register.YMM0 and <= Register.YMM31 => CpuState.VectorOffset(register - Register.YMM0),
        >= Register.ZMM0 and <= Register.ZMM31 => CpuState.VectorOffset(register - Register.ZMM0),
        >= Register.K0 and <= Register.K7 => CpuState.OpmaskOffset + 8 * (register - Register.K0),
        >= Register.MM0 and <= Register.MM7 => CpuState.X87Offset(register - Register.MM0),
        >= Register.ST0 and <= Register.ST7 => register - Register.ST0,
        // RIP and EIP as base: the decoder gives the final address as displacement.
        _ => CpuState.ZeroOffset,
    });
}
