-- AlterTable
ALTER TABLE "Entry" ADD COLUMN     "correctedBy" TEXT,
ADD COLUMN     "files" JSONB,
ADD COLUMN     "permalink" TEXT,
ADD COLUMN     "withdrawn" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Incident" ADD COLUMN     "mergedIntoId" TEXT;

-- AlterTable
ALTER TABLE "UploadedFile" ADD COLUMN     "removed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "heardAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "TakenMessage" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "entryId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "ts" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "by" JSONB NOT NULL,
    "withdrawn" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "TakenMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Link" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "TakenMessage_incidentId_idx" ON "TakenMessage"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "TakenMessage_workspaceId_channelId_ts_key" ON "TakenMessage"("workspaceId", "channelId", "ts");

-- CreateIndex
CREATE INDEX "Link_incidentId_idx" ON "Link"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_workspaceId_name_key" ON "ApiToken"("workspaceId", "name");
