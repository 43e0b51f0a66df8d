-- AlterTable
ALTER TABLE "Fact" ADD COLUMN     "saidDigest" TEXT NOT NULL DEFAULT '';
