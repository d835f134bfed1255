using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.X87;

/// <summary>The x87's part of the instruction table against the escape opcodes that processors execute.</summary>
public sealed class X87FormsTests
{
    /// <summary>Register encodings that raise #UD, as found on a processor: escape opcode, first and last ModRM byte.</summary>
    private static readonly (int Escape, int First, int Last)[] s_undefined =
    [
        (0xD9, 0xD1, 0xD7), (0xD9, 0xE2, 0xE3), (0xD9, 0xE6, 0xE7), (0xD9, 0xEF, 0xEF),
        (0xDA, 0xE0, 0xE8), (0xDA, 0xEA, 0xFF), (0xDB, 0xE5, 0xE7), (0xDB, 0xF8, 0xFF),
        (0xDD, 0xF0, 0xFF), (0xDE, 0xD8, 0xD8), (0xDE, 0xDA, 0xDF), (0xDF, 0xE1, 0xE7), (0xDF, 0xF8, 0xFF),
    ];

    /// <summary>Memory encodings that raise #UD: escape opcode and the ModRM byte's reg field.</summary>
    private static readonly (int Escape, int Reg)[] s_undefinedMemory = [(0xD9, 1), (0xDB, 4), (0xDB, 6), (0xDD, 5)];

    [Fact]
    public void EveryDefinedEncodingHasRow()
    {
        for (int escape = 0xD8; escape <= 0xDF; escape++)
        {
            for (int modrm = 0; modrm <= 0xFF; modrm++)
            {
                bool memory = modrm < 0xC0;
                bool undefined = memory
                    ? s_undefinedMemory.Contains((escape, (modrm >> 3) & 7))
                    : s_undefined.Any(range => range.Escape == escape && modrm >= range.First && modrm <= range.Last);
                byte[] bytes = [(byte)escape, (byte)modrm, 0, 0, 0, 0, 0];
                Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), CpuModel.V2.DecoderOptions);
                Instruction instruction = decoder.Decode();
                bool hasRow = !instruction.IsInvalid && InstructionTable.Lookup(instruction.Code).Shape != FormShape.None;
                Assert.True(hasRow != undefined, $"{escape:X2} {modrm:X2} {instruction}");
            }
        }
    }
}
