using Faultline.Cpu.Semantics.Integer;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>String instructions: A4 to A7 and AA to AF. INS and OUTS are privileged (see <see cref="SystemForms"/>).</summary>
internal static unsafe class StringForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        Code.Movsb_m8_m8 => Form.Whole(&StringMove.Movs<byte>),
        Code.Movsw_m16_m16 => Form.Whole(&StringMove.Movs<ushort>),
        Code.Movsd_m32_m32 => Form.Whole(&StringMove.Movs<uint>),
        Code.Movsq_m64_m64 => Form.Whole(&StringMove.Movs<ulong>),
        Code.Stosb_m8_AL => Form.Whole(&StringMove.Stos<byte>),
        Code.Stosw_m16_AX => Form.Whole(&StringMove.Stos<ushort>),
        Code.Stosd_m32_EAX => Form.Whole(&StringMove.Stos<uint>),
        Code.Stosq_m64_RAX => Form.Whole(&StringMove.Stos<ulong>),
        Code.Lodsb_AL_m8 => Form.Whole(&StringMove.Lods<byte>),
        Code.Lodsw_AX_m16 => Form.Whole(&StringMove.Lods<ushort>),
        Code.Lodsd_EAX_m32 => Form.Whole(&StringMove.Lods<uint>),
        Code.Lodsq_RAX_m64 => Form.Whole(&StringMove.Lods<ulong>),
        Code.Cmpsb_m8_m8 => Form.Whole(&StringCompare.Cmps<byte>),
        Code.Cmpsw_m16_m16 => Form.Whole(&StringCompare.Cmps<ushort>),
        Code.Cmpsd_m32_m32 => Form.Whole(&StringCompare.Cmps<uint>),
        Code.Cmpsq_m64_m64 => Form.Whole(&StringCompare.Cmps<ulong>),
        Code.Scasb_AL_m8 => Form.Whole(&StringCompare.Scas<byte>),
        Code.Scasw_AX_m16 => Form.Whole(&StringCompare.Scas<ushort>),
        Code.Scasd_EAX_m32 => Form.Whole(&StringCompare.Scas<uint>),
        Code.Scasq_RAX_m64 => Form.Whole(&StringCompare.Scas<ulong>),
        _ => default,
    };
}
